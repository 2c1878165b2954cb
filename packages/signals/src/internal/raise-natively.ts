import { checked, defineCall, nonNegativeOrError, zeroOrError } from '@osx/native-ffi';

import { defaultAction } from './default-action.ts';
import { restoreDisposition, saveDisposition, setDefaultDisposition } from './disposition.ts';
import { raise } from './signal-calls.ts';
import { nameOf } from './signal-names.ts';
import { signalNumber } from './signal-number.ts';
import { changeThreadMask } from './thread-mask.ts';

/** `_exit(status)`: ends the process with all its threads, without exit handlers. Does not return. */
const exitNow = defineCall({ name: '_exit', returns: 'int', parameters: ['int'], decode: nonNegativeOrError });

/** libuv's, which Node exports: gives the terminal back the mode it had before `setRawMode(true)`. */
const resetTerminal = defineCall({ name: 'uv_tty_reset_mode', returns: 'int', parameters: [], decode: zeroOrError });

/**
 * Raises the signal in the calling thread, where nothing can catch or hold it up. Directed to a thread, it is delivered
 * before the call returns; sent to the process, another thread could take it, some time later.
 */
export function raiseNatively(number: number): void {
  const name = nameOf(number);
  const ends = defaultAction(number) === 'ends';
  if (ends) leaveTerminalAsFound();
  // sigaction(2) refuses them, and they need nothing of the kind.
  const saved = name === 'SIGKILL' || name === 'SIGSTOP' ? undefined : saveDisposition(number);
  if (saved !== undefined) setDefaultDisposition(number);
  const formerMask = changeThreadMask('unblock', [number]);
  try {
    // A full queue (RLIMIT_SIGPENDING) refuses a thread's real-time signal, but not one by kill(2).
    if (raise(number) < 0) process.kill(process.pid, number);
    if (ends) checked(exitNow(128 + number), '_exit');
  } finally {
    changeThreadMask('set', formerMask);
    if (saved !== undefined) restoreDisposition(saved);
  }
}

/** As Node's own handlers of SIGINT and SIGTERM do, which are not called here. */
function leaveTerminalAsFound(): void {
  // A background job would be stopped by it.
  const formerMask = changeThreadMask('block', [signalNumber('signal', 'SIGTTOU')]);
  try {
    resetTerminal();
  } catch {
    // Another runtime, or a libc that was opened by its name: no libuv to be found.
  } finally {
    changeThreadMask('set', formerMask);
  }
}
