import { checked } from '@osx/native-ffi';

import { sigaction } from './signal-calls.ts';
import { signalTable } from './signal-table.ts';

/** More than any platform's `struct sigaction` (152 bytes with glibc). What is in it is the C library's business. */
const SIGACTION_BYTES = 256;

/** What a process does about a signal, as sigaction(2) told it. For the process that it was read in. */
export interface SavedDisposition {
  readonly number: number;
  readonly action: Uint8Array;
}

/** Reads the disposition of a signal, of the whole process, natively caught ones included. */
export function saveDisposition(number: number): SavedDisposition {
  const action = new Uint8Array(SIGACTION_BYTES);
  checked(sigaction(number, null, action), 'sigaction');
  return { number, action };
}

/** Puts back what {@link saveDisposition} read: handler, mask and flags. */
export function restoreDisposition({ number, action }: SavedDisposition): void {
  checked(sigaction(number, action, null), 'sigaction');
}

/** SIG_DFL, with an empty mask and no flags: all zeros on every platform. */
export function setDefaultDisposition(number: number): void {
  checked(sigaction(number, new Uint8Array(SIGACTION_BYTES), null), 'sigaction');
}

/** Whether the signal is one of SIGRTMIN to SIGRTMAX, which queue, carry values and are unknown to Node. */
export function isRealtimeSignal(number: number): boolean {
  const { realtime: [min, max] = [0, -1] } = signalTable();
  return number >= min && number <= max;
}
