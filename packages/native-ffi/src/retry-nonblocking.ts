import { checkFd, checkFunction, checkOneOf, checkOptions, checkString, errnoNumber, SystemError } from '@osx/errors';

import { checkWaitOptions, whenReadable, whenWritable, type WaitOptions } from './wait-for-fd.ts';

export interface RetryOptions extends WaitOptions {
  /** The call's name, for the error. */
  syscall?: string | undefined;
}

/**
 * Repeats a non-blocking call until it neither would block nor was interrupted, waiting in the event loop in between.
 *
 * @param fd The non-blocking descriptor that the call works on.
 * @param direction What to wait for after EAGAIN.
 * @param attempt Makes the call: its value, or the negative errno.
 * @returns The call's value.
 * @throws {SystemError} with the call's errno; `ETIMEDOUT`; and as `watchFd`.
 * @example
 * ```ts
 * import { defineCall, nonNegativeOrError, retryNonblocking } from '@osx/native-ffi';
 *
 * const read = defineCall({ name: 'read', returns: 'ssize_t', parameters: ['int', 'pointer', 'size_t'], decode: nonNegativeOrError });
 * const bytes = Buffer.alloc(16);
 * let attempts = 0;
 * const attempt = () => (attempts++ === 0 ? -4 : read(0, bytes, 0)); // -4 is EINTR
 * console.log(await retryNonblocking(0, 'read', attempt)); // 0
 * ```
 */
export async function retryNonblocking(
  fd: number,
  direction: 'read' | 'write',
  attempt: () => number,
  options: RetryOptions = {},
): Promise<number> {
  checkFd('fd', fd);
  checkOneOf('direction', direction, ['read', 'write']);
  checkFunction('attempt', attempt);
  const { syscall = direction } = checkOptions('options', options) as RetryOptions;
  checkString('options.syscall', syscall);
  const { signal, timeoutMs } = checkWaitOptions(options);
  signal?.throwIfAborted();

  const deadline = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
  const whenReady = direction === 'read' ? whenReadable : whenWritable;
  const EAGAIN = errnoNumber('EAGAIN');
  const EINTR = errnoNumber('EINTR');
  for (;;) {
    const result = attempt();
    if (result >= 0) return result;
    if (-result === EINTR) continue;
    if (-result !== EAGAIN) throw new SystemError({ errno: result, syscall });
    await whenReady(fd, { signal, timeoutMs: deadline && Math.max(0, deadline - performance.now()) });
  }
}
