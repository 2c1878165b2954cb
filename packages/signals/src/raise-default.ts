import { isNativeAvailable } from '@osx/native-ffi';

import { checkSignal } from './internal/check-signal.ts';
import { defaultAction } from './internal/default-action.ts';
import { makeLastCalls } from './internal/last-calls.ts';
import { raiseByNode } from './internal/raise-by-node.ts';
import { raiseNatively } from './internal/raise-natively.ts';

/**
 * Does to this process what the signal does by default: ends it by that very signal, so that the parent sees a signal
 * (`WIFSIGNALED`, `{ code: null, signal: 'SIGTERM' }`) and not an exit code of 143.
 *
 * Before an end, {@link beforeDefaultEnd} calls back. Listeners, an ignoring disposition (Node ignores SIGPIPE) and a block in
 * this thread's mask do not stand in the way. At once: no `'exit'` listeners run, nothing is flushed, core files are written
 * where the limit allows them. The terminal gets back the mode that it had before `setRawMode`. It ends the whole process from a Worker, too.
 *
 * A stop signal (SIGTSTP) stops the process; after SIGCONT the call returns, with disposition, listeners and mask as they
 * were. Signals that do nothing by default (SIGCHLD, SIGCONT, SIGURG, SIGWINCH) return at once.
 *
 * **Platform** Linux; Darwin (not run). Without the native layer (`ERR_OSX_NATIVE_UNAVAILABLE`) on the main thread by Node's own
 * means: listeners are taken away and, should the process go on, put back.
 *
 * **Gotchas** The kernel does not let the first process of a pid namespace (a container without an init) die by its own
 * signal: it exits with 128 + n instead, without `'exit'` listeners (without the native layer they run). A process in an
 * orphaned process group is not stopped by SIGTSTP, SIGTTIN and SIGTTOU: the call returns. While it is stopped, the signal
 * has its default disposition for all threads.
 *
 * @param signal Name or number, as `parseSignal` takes it.
 * @throws {TypeError|RangeError} on what is no signal, before anything is changed.
 * @throws {UnsupportedError} `ERR_OSX_NATIVE_UNAVAILABLE` in a Worker without the native layer.
 * @example
 * ```ts
 * import { raiseDefault } from '@osx/signals';
 *
 * process.on('SIGWINCH', () => {});
 * raiseDefault('SIGWINCH'); // does nothing by default; SIGTERM would end this program
 * ```
 * @see https://man7.org/linux/man-pages/man3/raise.3.html
 */
export function raiseDefault(signal: number | string): void {
  const number = checkSignal('signal', signal);
  if (defaultAction(number) === 'ends') makeLastCalls();
  const { isMainThread } = process.getBuiltinModule('node:worker_threads');
  if (isMainThread && !isNativeAvailable()) raiseByNode(number);
  else raiseNatively(number);
}
