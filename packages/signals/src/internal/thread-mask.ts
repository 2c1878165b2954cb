import { checked, platformConstants } from '@osx/native-ffi';

import { pthreadSigmask } from './signal-calls.ts';
import { packSignalSet, SIGNAL_SET_BYTES, unpackSignalSet } from './signal-set.ts';

export type MaskChange = 'block' | 'unblock' | 'set';

/** The signals that the calling thread blocks. */
export function threadMask(): number[] {
  const former = new Uint8Array(SIGNAL_SET_BYTES);
  call(0, null, former);
  return unpackSignalSet(former);
}

/** Changes the calling thread's mask and returns the former one. */
export function changeThreadMask(how: MaskChange, numbers: Iterable<number>): number[] {
  const { SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK } = platformConstants();
  const former = new Uint8Array(SIGNAL_SET_BYTES);
  call({ block: SIG_BLOCK, unblock: SIG_UNBLOCK, set: SIG_SETMASK }[how], packSignalSet(numbers), former);
  return unpackSignalSet(former);
}

function call(how: number, set: Uint8Array | null, former: Uint8Array): void {
  checked(-pthreadSigmask(how, set, former), 'pthread_sigmask');
}
