import type { FdLike } from '@osx/fds';
import { checked, platformConstants } from '@osx/native-ffi';

import { fdNumber } from './internal/fd-number.ts';
import { fcntlWithStruct } from './internal/lock-calls.ts';
import { packForThisProcess } from './internal/record-lock-bytes.ts';
import { recordLockKind } from './internal/record-lock-kind.ts';
import type { RecordLock } from './record-lock.ts';
import type { RecordLockOptions } from './set-record-lock.ts';
import { unpackRecordLock } from './unpack-record-lock.ts';

/**
 * Asks whether a record lock could be set now, without setting it (`F_OFD_GETLK`, `F_GETLK`).
 *
 * **Platform** As {@link setRecordLock}. Linux 6.6: with `'ofd'` and type `'unlock'`, what this open file description
 * itself holds in the range.
 *
 * **Gotchas** The answer is old when it arrives. `'posix'` does not see the process's own POSIX locks.
 *
 * @returns null when nothing is in the way; else one lock that is, from the start of the file, with the holder's `pid`
 *   (-1 for an OFD lock; of a POSIX lock over NFS or from another pid namespace maybe 0 or another system's).
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} EBADF, EINVAL, EOVERFLOW.
 * @example
 * ```ts
 * import { closeSync, openSync } from 'node:fs';
 * import { setRecordLock, testRecordLock } from '@osx/fcntl';
 *
 * const [a, b] = [openSync('data', 'w+'), openSync('data', 'r+')];
 * setRecordLock(a, { type: 'read', start: 10, length: 5 }, { kind: 'ofd' });
 * console.log(testRecordLock(b, { type: 'write' }, { kind: 'ofd' }));
 * // { type: 'read', whence: 'start', start: 10, length: 5, pid: -1 }
 * closeSync(a);
 * closeSync(b);
 * ```
 */
export function testRecordLock(fd: FdLike, lock: RecordLock, options: RecordLockOptions): Required<RecordLock> | null {
  const number = fdNumber(fd);
  const bytes = packForThisProcess(lock);
  const kind = recordLockKind(options);
  const { F_OFD_GETLK, F_GETLK } = platformConstants();
  checked(fcntlWithStruct(number, kind === 'ofd' ? F_OFD_GETLK : F_GETLK, bytes), 'fcntl');
  const found = unpackRecordLock(bytes);
  return found.type === 'unlock' ? null : found;
}
