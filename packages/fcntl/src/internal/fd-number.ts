import { checkFd } from '@osx/errors';
import type { FdLike } from '@osx/fds';

/** The number of a descriptor given as a number or as its owner; a closed owner throws EBADF by itself. */
export function fdNumber(fd: FdLike): number {
  return checkFd('fd', typeof fd === 'object' && fd !== null && 'number' in fd ? fd.number : fd);
}
