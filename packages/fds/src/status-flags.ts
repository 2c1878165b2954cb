import { checkBoolean, checkInteger } from '@osx/errors';
import { platformConstants } from '@osx/native-ffi';

import { checkFdLike, type FdLike } from './fd-like.ts';
import { fcntl } from './internal/fcntl.ts';

/**
 * The access mode and status flags of a descriptor's open file description: O_RDWR, O_APPEND, O_NONBLOCK ...
 *
 * **Platform**: the bits differ between systems: compare with `fs.constants`, or `platformConstants()` of
 * `@osx/native-ffi`. Linux on x64 shows O_LARGEFILE (0o100000) on files, which no header sets there.
 *
 * @throws {SystemError} `EBADF`.
 * @see https://man7.org/linux/man-pages/man2/F_GETFL.2const.html
 */
export function getStatusFlags(fd: FdLike): number {
  return fcntl(checkFdLike(fd), platformConstants().F_GETFL);
}

/**
 * Sets the status flags of a descriptor's open file description.
 *
 * **Gotchas**: every duplicate, in this process and in others, sees the change. The kernel ignores the access mode and
 * the creation flags without a word, and O_SYNC too.
 *
 * @throws {SystemError} `EBADF`; `EPERM` clearing O_APPEND on an append-only file; `EINVAL` O_DIRECT without support.
 */
export function setStatusFlags(fd: FdLike, flags: number): void {
  const number = checkFdLike(fd);
  checkInteger('flags', flags, { min: 0, max: 2 ** 31 - 1 });
  fcntl(number, platformConstants().F_SETFL, flags);
}

/** Whether reads and writes fail with EAGAIN instead of waiting. */
export function isNonblocking(fd: FdLike): boolean {
  return (getStatusFlags(fd) & platformConstants().O_NONBLOCK) !== 0;
}

/**
 * Sets or clears O_NONBLOCK, and leaves the other status flags.
 *
 * **Gotchas**: it belongs to the open file description. Set on a terminal it hits the shell and everyone who shares it.
 * `Fd` does not need it.
 *
 * @throws {SystemError} `EBADF`.
 */
export function setNonblocking(fd: FdLike, on: boolean): void {
  const number = checkFdLike(fd);
  checkBoolean('on', on);
  const { F_GETFL, F_SETFL, O_NONBLOCK } = platformConstants();
  const flags = fcntl(number, F_GETFL);
  const wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
  if (wanted !== flags) fcntl(number, F_SETFL, wanted);
}
