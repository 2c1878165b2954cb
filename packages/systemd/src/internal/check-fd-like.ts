import { checkFd } from '@osx/errors';
import type { FdLike } from '@osx/fds';

/** The number behind a number or its owner. */
export function checkFdLike(fd: FdLike): number {
  if (typeof fd === 'object' && fd !== null && 'number' in fd) return checkFd('fd', fd.number);
  return checkFd('fd', fd);
}
