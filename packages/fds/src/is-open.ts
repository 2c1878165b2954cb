import { errnoNumber } from '@osx/errors';
import { platformConstants } from '@osx/native-ffi';

import { Fd } from './fd.ts';
import { checkFdLike, type FdLike } from './fd-like.ts';
import { tryFcntl } from './internal/fcntl.ts';

/**
 * Whether a number is an open descriptor of this process, or an `Fd` is open.
 *
 * **Gotchas**: an open number may belong to anyone: it does not tell that it is still the file you opened.
 *
 * @throws {TypeError|RangeError} when it is no descriptor number.
 */
export function isOpen(fd: FdLike): boolean {
  if (fd instanceof Fd && fd.isClosed) return false;
  const number = checkFdLike(fd);
  return tryFcntl(number, platformConstants().F_GETFD) !== -(errnoNumber('EBADF') as number);
}
