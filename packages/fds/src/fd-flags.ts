import { checkBoolean, checkInteger } from '@osx/errors';
import { platformConstants } from '@osx/native-ffi';

import { checkFdLike, type FdLike } from './fd-like.ts';
import { fcntl } from './internal/fcntl.ts';

/**
 * The flags of this descriptor alone: FD_CLOEXEC (1), or 0.
 *
 * @throws {SystemError} `EBADF`.
 * @see https://man7.org/linux/man-pages/man2/F_GETFD.2const.html
 */
export function getFdFlags(fd: FdLike): number {
  return fcntl(checkFdLike(fd), platformConstants().F_GETFD);
}

/**
 * Sets the flags of this descriptor alone; duplicates keep theirs.
 *
 * @throws {SystemError} `EBADF`.
 */
export function setFdFlags(fd: FdLike, flags: number): void {
  const number = checkFdLike(fd);
  checkInteger('flags', flags, { min: 0, max: 2 ** 31 - 1 });
  fcntl(number, platformConstants().F_SETFD, flags);
}

/** Whether programs that this process executes do not get the descriptor. */
export function isCloseOnExec(fd: FdLike): boolean {
  return (getFdFlags(fd) & platformConstants().FD_CLOEXEC) !== 0;
}

/**
 * Sets or clears close-on-exec.
 *
 * **Gotchas**: once it is cleared, **every** child that any part of the program starts inherits the descriptor. To hand
 * it to one child use the `stdio` array of `child_process`: `Fd.toStdio()`.
 *
 * @throws {SystemError} `EBADF`.
 */
export function setCloseOnExec(fd: FdLike, on: boolean): void {
  const number = checkFdLike(fd);
  checkBoolean('on', on);
  const { F_GETFD, F_SETFD, FD_CLOEXEC } = platformConstants();
  const flags = fcntl(number, F_GETFD);
  const wanted = on ? flags | FD_CLOEXEC : flags & ~FD_CLOEXEC;
  if (wanted !== flags) fcntl(number, F_SETFD, wanted);
}
