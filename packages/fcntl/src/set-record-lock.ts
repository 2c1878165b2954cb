import type { FdLike } from '@osx/fds';
import { checked, platformConstants } from '@osx/native-ffi';

import { fdNumber } from './internal/fd-number.ts';
import { fcntlWithStruct } from './internal/lock-calls.ts';
import { packForThisProcess } from './internal/record-lock-bytes.ts';
import { recordLockKind } from './internal/record-lock-kind.ts';
import type { RecordLock } from './record-lock.ts';

/**
 * Whom a record lock belongs to: `'ofd'` to the open file description, `'posix'` to the process.
 */
export interface RecordLockOptions {
  /** Default `'ofd'`. */
  readonly kind?: 'ofd' | 'posix' | undefined;
}

/**
 * Sets, converts or removes a lock on a range of bytes, at once or not at all (`F_OFD_SETLK`, `F_SETLK`).
 *
 * A lock by the same owner replaces what it covers: adjacent ranges of one type merge, a lock in the middle splits.
 *
 * **Platform** OFD: Linux 3.15; Darwin (not run). POSIX: everywhere.
 *
 * **Gotchas** A `'posix'` lock is dropped by **any** close of the file in the process, also that of `fs.readFile`, and
 * the process never excludes itself. An `'ofd'` lock lives as long as a duplicate of the descriptor does.
 *
 * @param fd Open for reading to set a read lock, for writing to set a write lock.
 * @param lock `pid` must be absent or 0 for `'ofd'`.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} EAGAIN (or EACCES) when another holds it, EBADF (closed, or not open in that mode), ENOLCK,
 *   EINVAL (`pid` given, a range that starts before the file), EOVERFLOW.
 * @example
 * ```ts
 * import { closeSync, openSync } from 'node:fs';
 * import { setRecordLock } from '@osx/fcntl';
 *
 * const fd = openSync('data', 'w+');
 * setRecordLock(fd, { type: 'write', start: 0, length: 512 }, { kind: 'ofd' });
 * setRecordLock(fd, { type: 'unlock', start: 0, length: 512 }, { kind: 'ofd' });
 * closeSync(fd);
 * ```
 * @see https://man7.org/linux/man-pages/man2/F_OFD_SETLK.2const.html
 */
export function setRecordLock(fd: FdLike, lock: RecordLock, options: RecordLockOptions): void {
  const number = fdNumber(fd);
  const bytes = packForThisProcess(lock);
  const kind = recordLockKind(options);
  const { F_OFD_SETLK, F_SETLK } = platformConstants();
  checked(fcntlWithStruct(number, kind === 'ofd' ? F_OFD_SETLK : F_SETLK, bytes), 'fcntl');
}
