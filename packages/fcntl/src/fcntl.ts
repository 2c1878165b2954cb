import { checkInteger, invalidArgValue } from '@osx/errors';
import type { FdLike } from '@osx/fds';
import { checked, platformConstants } from '@osx/native-ffi';

import { fdNumber } from './internal/fd-number.ts';
import { fcntlWithInt } from './internal/lock-calls.ts';

/**
 * `fcntl(2)` with an int argument or none, for the commands that have no function of their own here.
 *
 * **Gotchas** Commands whose argument is a pointer cannot be used: those of locks are refused (use
 * {@link setRecordLock}), others fail with EFAULT. A descriptor that `F_DUPFD` returns belongs to you.
 *
 * @param fd A descriptor's number, or its owner.
 * @param command The platform's number of an `F_*` command.
 * @param argument 32 bits; default 0.
 * @returns What the command returns.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} EBADF, EINVAL (unknown command), and what the command says.
 * @example
 * ```ts
 * import { fcntl } from '@osx/fcntl';
 *
 * const F_GETFD = 1;
 * console.log(fcntl(0, F_GETFD) >= 0);
 * ```
 * @see https://man7.org/linux/man-pages/man2/fcntl.2.html
 */
export function fcntl(fd: FdLike, command: number, argument = 0): number {
  const number = fdNumber(fd);
  checkInteger('command', command, { min: 0, max: 2 ** 31 - 1 });
  checkInteger('argument', argument, { min: -(2 ** 31), max: 2 ** 32 - 1 });
  const { F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW } = platformConstants();
  if ([F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW].includes(command)) {
    throw invalidArgValue('command', 'other than those of record locks (setRecordLock, testRecordLock)', command);
  }
  return checked(fcntlWithInt(number, command, argument | 0), 'fcntl');
}
