import { checked, linuxConstants } from '@osx/native-ffi';

import { sigprocmask } from './native-calls.ts';

const SET_BYTES = 128;

/** Keeps all signals from the main thread until they are released, by the child as well as by the parent. */
export function holdSignals(): Uint8Array {
  const before = new Uint8Array(SET_BYTES);
  checked(sigprocmask(linuxConstants().SIG_SETMASK, new Uint8Array(SET_BYTES).fill(0xff), before), 'sigprocmask');
  return before;
}

/** @param before What {@link holdSignals} returned. */
export function releaseSignals(before: Uint8Array): void {
  checked(sigprocmask(linuxConstants().SIG_SETMASK, before, null), 'sigprocmask');
}
