import { checkOneOf } from '@osx/errors';
import type { FdLike } from '@osx/fds';
import { checked, platformConstants } from '@osx/native-ffi';

import { fdNumber } from './internal/fd-number.ts';
import { flockCall } from './internal/lock-calls.ts';

/**
 * Sets, converts or removes the lock on a whole file that belongs to the open file description, at once or not at all
 * (`flock(2)` with `LOCK_NB`).
 *
 * **Platform** Linux, Darwin (not run). Over NFS, Linux turns it into a POSIX-like lock that also needs the access mode.
 *
 * **Gotchas** Converting shared to exclusive is not atomic: the shared lock is given up first, another may come in
 * between, and when it is refused **both are gone**. `'unlock'` by anyone who shares the description, a child with the
 * inherited descriptor for instance, drops the lock of all: release by closing instead.
 *
 * @param operation `'shared'`, `'exclusive'` or `'unlock'`.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} EAGAIN when another holds it, EBADF, ENOLCK.
 * @example
 * ```ts
 * import { closeSync, openSync } from 'node:fs';
 * import { flock } from '@osx/fcntl';
 *
 * const fd = openSync('data', 'w');
 * flock(fd, 'exclusive');
 * closeSync(fd);
 * ```
 * @see https://man7.org/linux/man-pages/man2/flock.2.html
 */
export function flock(fd: FdLike, operation: 'shared' | 'exclusive' | 'unlock'): void {
  const number = fdNumber(fd);
  const wanted = checkOneOf('operation', operation, ['shared', 'exclusive', 'unlock']);
  const { LOCK_SH, LOCK_EX, LOCK_UN, LOCK_NB } = platformConstants();
  const bits = { shared: LOCK_SH, exclusive: LOCK_EX, unlock: LOCK_UN }[wanted];
  checked(flockCall(number, bits | LOCK_NB), 'flock');
}
