import { checkInteger, UnsupportedError } from '@osx/errors';
import { linuxConstants } from '@osx/native-ffi';

import { checkFdLike, type FdLike } from './fd-like.ts';
import { fcntl } from './internal/fcntl.ts';

/** 1 GiB: fcntl(2) returns the size as an int. */
const LARGEST = 2 ** 30;

/**
 * How many bytes a pipe holds.
 *
 * **Platform**: Linux 2.6.35.
 *
 * @throws {SystemError} `EBADF` when it is not a pipe or not open.
 * @throws {UnsupportedError} elsewhere.
 * @see https://man7.org/linux/man-pages/man2/F_GETPIPE_SZ.2const.html
 */
export function getPipeSize(fd: FdLike): number {
  const number = checkFdLike(fd);
  return fcntl(number, forPipes().F_GETPIPE_SZ);
}

/**
 * Makes a pipe hold at least this many bytes.
 *
 * The kernel rounds up to a power of two pages. The size belongs to the pipe: both ends and all who share them see it.
 *
 * **Platform**: Linux 2.6.35.
 *
 * @param sizeBytes 0 to 2^30; one page is the least a pipe has.
 * @returns The size that it has now.
 * @throws {SystemError} `EPERM` beyond /proc/sys/fs/pipe-max-size without CAP_SYS_RESOURCE, or when the user's pipes
 *   together hold too much; `EBUSY` when more is in it than the new size takes; `EBADF` when it is not a pipe.
 * @throws {UnsupportedError} elsewhere.
 */
export function setPipeSize(fd: FdLike, sizeBytes: number): number {
  const number = checkFdLike(fd);
  checkInteger('sizeBytes', sizeBytes, { min: 0, max: LARGEST });
  return fcntl(number, forPipes().F_SETPIPE_SZ, sizeBytes);
}

function forPipes(): ReturnType<typeof linuxConstants> {
  if (process.platform === 'linux') return linuxConstants();
  throw new UnsupportedError({ feature: 'pipe sizes', requires: 'Linux', syscall: 'fcntl' });
}
