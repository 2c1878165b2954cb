import { checked } from '@osx/native-ffi';

import { listenRemembering, putBackDisposition } from './found-disposition.ts';
import { signalHandleClass } from './signal-handle.ts';

/** Brings a real-time signal, which `process.on` does not know, to the main thread, until it is closed. */
export function openRealtimeSource(number: number, deliver: () => void): { close(): void } {
  const Handle = signalHandleClass();
  const handle = new Handle();
  handle.onsignal = () => deliver();
  let found;
  try {
    found = listenRemembering(number, () => checked(handle.start(number), 'sigaction'));
  } catch (error) {
    handle.close();
    throw error;
  }
  handle.unref();
  return {
    close() {
      handle.close();
      if (found !== undefined) putBackDisposition(found);
    },
  };
}
