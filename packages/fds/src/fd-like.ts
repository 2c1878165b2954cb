import { checkFd } from '@osx/errors';

/** A descriptor by its number, or anything that owns one and says it under `number`, as `Fd` does. */
export type FdLike = number | { readonly number: number };

/**
 * The number behind an argument that may be a number or an owner.
 *
 * @throws {TypeError|RangeError} when it is neither, before any system call.
 * @throws {SystemError} `EBADF` when the owner is closed.
 * @internal
 */
export function checkFdLike(fd: FdLike): number {
  if (typeof fd === 'object' && fd !== null && 'number' in fd) return checkFd('fd', fd.number);
  return checkFd('fd', fd);
}
