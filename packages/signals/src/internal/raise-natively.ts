import { checked, defineCall, nonNegativeOrError } from '@osx/native-ffi';

import { defaultAction } from './default-action.ts';
import { restoreDisposition, saveDisposition, setDefaultDisposition } from './disposition.ts';
import { raise } from './signal-calls.ts';
import { nameOf } from './signal-names.ts';
import { changeThreadMask } from './thread-mask.ts';

/** `_exit(status)`: ends the process with all its threads, without exit handlers. Does not return. */
const exitNow = defineCall({ name: '_exit', returns: 'int', parameters: ['int'], decode: nonNegativeOrError });

/**
 * Raises the signal in the calling thread, where nothing can catch or hold it up. Directed to a thread, it is delivered
 * before the call returns; sent to the process, another thread could take it, some time later.
 */
export function raiseNatively(number: number): void {
  const name = nameOf(number);
  // sigaction(2) refuses them, and they need nothing of the kind.
  const saved = name === 'SIGKILL' || name === 'SIGSTOP' ? undefined : saveDisposition(number);
  if (saved !== undefined) setDefaultDisposition(number);
  const formerMask = changeThreadMask('unblock', [number]);
  try {
    // A full queue (RLIMIT_SIGPENDING) refuses a thread's real-time signal, but not one by kill(2).
    if (raise(number) < 0) process.kill(process.pid, number);
    if (defaultAction(number) === 'ends') checked(exitNow(128 + number), '_exit');
  } finally {
    changeThreadMask('set', formerMask);
    if (saved !== undefined) restoreDisposition(saved);
  }
}
