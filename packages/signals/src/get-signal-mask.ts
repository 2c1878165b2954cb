import { nameOf } from './internal/signal-names.ts';
import { threadMask } from './internal/thread-mask.ts';

/**
 * The signals that the **calling thread** blocks, in order of numbers.
 *
 * **Platform** Linux; Darwin (not run).
 *
 * @throws {UnsupportedError} `ERR_OSX_NATIVE_UNAVAILABLE` without the native layer.
 * @example
 * ```ts
 * import { getSignalMask } from '@osx/signals';
 *
 * console.log(getSignalMask()); // []
 * ```
 * @see https://man7.org/linux/man-pages/man3/pthread_sigmask.3.html
 */
export function getSignalMask(): string[] {
  return threadMask().map((number) => nameOf(number));
}
