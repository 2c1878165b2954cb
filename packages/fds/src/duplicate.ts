import { checkFdLike, type FdLike } from './fd-like.ts';
import { Fd } from './fd.ts';
import { duplicateNumber, type DuplicateOptions } from './internal/duplicate-number.ts';

/**
 * A second descriptor for the same open file description, to be owned, where the first is only borrowed (0, 1, 2, a
 * socket's): position, status flags and locks are shared.
 *
 * @returns Close it. Close-on-exec unless told otherwise.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} `EBADF`; `EMFILE`; `EINVAL` when `atLeast` is not below RLIMIT_NOFILE.
 * @example
 * ```ts
 * import { duplicate } from '@osx/fds';
 *
 * using copy = duplicate(1, { atLeast: 100 });
 * console.log(copy.number >= 100); // true
 * ```
 * @see https://man7.org/linux/man-pages/man2/F_DUPFD_CLOEXEC.2const.html
 */
export function duplicate(fd: FdLike, options: DuplicateOptions = {}): Fd {
  const { number, origin } = duplicateNumber(checkFdLike(fd), options);
  return Fd.fresh(number, origin);
}
