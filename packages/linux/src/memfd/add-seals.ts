import { checkFd, SystemError, UnsupportedError } from '@osx/errors';
import type { FdLike } from '@osx/fds';
import { linuxConstants } from '@osx/native-ffi';

import { EBUSY, EINVAL, EPERM } from '../internal/errno-numbers.ts';
import { fcntlSeals } from '../internal/memfd-calls.ts';
import { SEALS, SEAL_SINCE } from '../internal/memfd-constants.ts';
import { checkSeals, sealBits } from '../internal/seal-bits.ts';
import type { Seal } from './seal.ts';

/**
 * Adds seals to a memfd (`F_ADD_SEALS`), all or none; no seal can ever be taken off again.
 *
 * They belong to the file, not to the descriptor: they hold for every process that has it open.
 *
 * **Platform** Linux 3.17; `future-write` 5.1; `exec` 6.3.
 *
 * **Gotchas** On an executable memfd `exec` brings `shrink`, `grow`, `write` and `future-write` with it.
 *
 * @param fd A number, a {@link MemFd} or an `Fd`; open for writing.
 * @param seals At least one.
 * @throws {SystemError} EPERM: sealed with `seal`, or open for reading only. EBUSY: `write` while somebody has a writable
 * shared mapping. EINVAL: not a memfd. EBADF.
 * @throws {UnsupportedError} for a seal that this kernel does not know.
 *
 * @example
 * ```ts
 * import { writeSync } from 'node:fs';
 * import { addSeals, memfdCreate } from '@osx/linux/memfd';
 *
 * using memfd = memfdCreate('log', { sealable: true });
 * addSeals(memfd.fd, ['shrink']); // it may grow; nobody can cut it under a reader's mapping
 * writeSync(memfd.fd, 'line\n');
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/F_GET_SEALS.2const.html
 */
export function addSeals(fd: FdLike, seals: readonly Seal[]): void {
  const number = checkFd('fd', typeof fd === 'object' && fd !== null ? fd.number : fd);
  const names = checkSeals(seals);
  const { F_ADD_SEALS } = linuxConstants();
  const result = fcntlSeals(number, F_ADD_SEALS, sealBits(names));
  if (result < 0) throw refusal(number, result, names);
}

function refusal(fd: number, errno: number, names: readonly Seal[]): SystemError {
  const message = { [-EBUSY]: () => busy, [-EPERM]: () => denied(fd), [-EINVAL]: () => invalid(fd, names) }[errno]?.();
  if (message instanceof SystemError) return message;
  return new SystemError({ errno, syscall: 'fcntl', message });
}

const busy = 'a writable shared mapping of the file is in the way of the seal "write"';

function denied(fd: number): string {
  const seals = fcntlSeals(fd, linuxConstants().F_GET_SEALS, 0);
  return seals >= 0 && (seals & SEALS.seal) !== 0
    ? 'the file takes no more seals (it has the seal "seal", as every memfd that was not made sealable)'
    : 'seals are added through a descriptor that is open for writing';
}

/** The kernel says EINVAL for what is no memfd, and for a seal that it does not know. */
function invalid(fd: number, names: readonly Seal[]): string | SystemError {
  const isMemfd = fcntlSeals(fd, linuxConstants().F_GET_SEALS, 0) >= 0;
  const recent = names.findLast((name) => name in SEAL_SINCE);
  if (!isMemfd || recent === undefined) return 'the descriptor is open on a file that cannot be sealed';
  return new UnsupportedError({
    feature: `the seal "${recent}"`,
    requires: SEAL_SINCE[recent] as string,
    syscall: 'fcntl',
  });
}
