import { checked } from '@osx/native-ffi';

import { saveDisposition } from './disposition.ts';
import type { SavedDisposition } from './disposition.ts';
import { noteDisposition, putBackDisposition } from './found-disposition.ts';
import { signalHandleClass } from './signal-handle.ts';

/** Brings a real-time signal, which `process.on` does not know, to the main thread, until it is closed. */
export function openRealtimeSource(number: number, deliver: () => void): { close(): void } {
  const Handle = signalHandleClass();
  const found = noteDisposition(number);
  const handle = new Handle();
  handle.onsignal = () => deliver();
  try {
    checked(handle.start(number), 'sigaction');
  } catch (error) {
    handle.close();
    throw error;
  }
  handle.unref();
  const toPutBack = found === undefined || isInForce(found) ? undefined : found;
  return {
    close() {
      handle.close();
      if (toPutBack !== undefined) putBackDisposition(toPutBack);
    },
  };
}

/** The first member of `struct sigaction`, on every platform of 64 bits; glibc leaves rubbish in the mask behind it. */
const HANDLER_BYTES = 8;

/** Whether opening a handle has changed nothing: libuv had its handler there already, for another handle. */
function isInForce({ number, action }: SavedDisposition): boolean {
  const now = saveDisposition(number).action;
  return Buffer.compare(now.subarray(0, HANDLER_BYTES), action.subarray(0, HANDLER_BYTES)) === 0;
}
