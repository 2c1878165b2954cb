import { checkMaskChange } from './internal/check-mask-change.ts';
import { nameOf } from './internal/signal-names.ts';
import { changeThreadMask, type MaskChange } from './internal/thread-mask.ts';

/**
 * Changes which signals the **calling thread** blocks (`pthread_sigmask(3)`), and returns what it blocked before.
 *
 * A signal for this thread, and one for the process that all threads block, waits (`pendingSignals`) until it is unblocked.
 * `setSignalMask('set', former)` puts the former mask back; `signalMaskScope` does so by itself.
 *
 * **Platform** Linux; Darwin (not run).
 *
 * **Gotchas** Only this thread's: Node's other threads go on taking signals, so a blocked SIGTERM that is sent to the
 * **process** is taken by one of them, ends the process or calls its listeners as before. Children do not inherit the mask: Node
 * clears it. A SIGSEGV, SIGBUS, SIGFPE or SIGILL that the processor raises ends the process, blocked or not.
 *
 * @param how `'block'` adds, `'unblock'` takes away, `'set'` makes it these and no others.
 * @param signals One or several, as `parseSignal` takes them; `[]` is allowed.
 * @returns The names of the signals that were blocked before, in order of numbers.
 * @throws {TypeError|RangeError} before any system call; `ERR_INVALID_ARG_VALUE` for SIGKILL and SIGSTOP, which cannot be blocked
 * (the kernel would leave them out without a word).
 * @throws {UnsupportedError} `ERR_OSX_NATIVE_UNAVAILABLE` without the native layer.
 * @example
 * ```ts
 * import { getSignalMask, setSignalMask } from '@osx/signals';
 *
 * const former = setSignalMask('block', ['SIGUSR2', 'SIGRTMIN']);
 * console.log(getSignalMask()); // [ 'SIGUSR2', 'SIGRTMIN' ]
 * setSignalMask('set', former);
 * ```
 * @see https://man7.org/linux/man-pages/man3/pthread_sigmask.3.html
 */
export function setSignalMask(how: MaskChange, signals: number | string | readonly (number | string)[]): string[] {
  const numbers = checkMaskChange(how, signals);
  return changeThreadMask(how, numbers).map((number) => nameOf(number));
}
