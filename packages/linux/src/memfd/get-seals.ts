import { checkFd } from '@osx/errors';
import type { FdLike } from '@osx/fds';
import { checked, linuxConstants } from '@osx/native-ffi';

import { fcntlSeals } from '../internal/memfd-calls.ts';
import { sealNames } from '../internal/seal-bits.ts';
import type { Seal } from './seal.ts';

/**
 * Reads the seals of a memfd (`F_GET_SEALS`): what a receiver does before it trusts what it was handed.
 *
 * **Platform** Linux 3.17.
 *
 * **Gotchas** A memfd that is not sealable says `['seal']`: nobody can add one any more, and nothing else is sealed.
 *
 * @param fd A number, a {@link MemFd} or an `Fd`.
 * @returns A new array, in the kernel's order; seals that this package does not know are left out.
 * @throws {SystemError} EINVAL: not a memfd, nor a file of tmpfs. EBADF.
 *
 * @example
 * ```ts
 * import { getSeals, MemFd } from '@osx/linux/memfd';
 *
 * using message = MemFd.fromBytes('whole');
 * const seals = getSeals(message.fd);
 * console.log(seals.includes('write') && seals.includes('shrink')); // true: it will read the same tomorrow
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/F_GET_SEALS.2const.html
 */
export function getSeals(fd: FdLike): Seal[] {
  const number = checkFd('fd', typeof fd === 'object' && fd !== null ? fd.number : fd);
  return sealNames(checked(fcntlSeals(number, linuxConstants().F_GET_SEALS, 0), 'fcntl'));
}
