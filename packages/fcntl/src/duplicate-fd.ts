import { duplicate } from '@osx/fds';
import type { DuplicateOptions, FdLike } from '@osx/fds';

/**
 * Another descriptor for the same open file description (`F_DUPFD_CLOEXEC`, `F_DUPFD`): position, status flags and locks are
 * shared, close-on-exec is not.
 *
 * **Gotchas** A lock of the description lives until its last duplicate is closed. `duplicate` of `@osx/fds` gives an `Fd`,
 * which closes itself at the end of a `using` block.
 *
 * @param fd A number, or an `Fd`.
 * @returns The number, for the caller to close with `fs.closeSync`; close-on-exec unless told otherwise.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} EBADF; EMFILE; EINVAL when `atLeast` is not below RLIMIT_NOFILE.
 * @example
 * ```ts
 * import { closeSync } from 'node:fs';
 * import { duplicateFd } from '@osx/fcntl';
 *
 * const copy = duplicateFd(1, { atLeast: 100 });
 * console.log(copy >= 100); // true
 * closeSync(copy);
 * ```
 * @see https://man7.org/linux/man-pages/man2/F_DUPFD_CLOEXEC.2const.html
 */
export function duplicateFd(fd: FdLike, options?: DuplicateOptions): number {
  return duplicate(fd, options).release();
}
