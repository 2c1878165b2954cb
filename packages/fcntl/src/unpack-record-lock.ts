import { currentTarget } from '@osx/native-ffi';

import { unpackRecordLockFor } from './internal/record-lock-bytes.ts';
import type { RecordLock } from './record-lock.ts';

/**
 * The record lock in the bytes of this platform's `struct flock`, with every field.
 *
 * **Platform** As {@link packRecordLock}.
 *
 * @param bytes At least a whole struct; what follows it is not read.
 * @returns `start` and `length` are numbers where those are exact, else bigints.
 * @throws {TypeError|RangeError} when the bytes are too few, or no such type or whence exists.
 * @example
 * ```ts
 * import { packRecordLock, unpackRecordLock } from '@osx/fcntl';
 *
 * console.log(unpackRecordLock(packRecordLock({ type: 'read', start: 2n ** 60n })).start); // 1152921504606846976n
 * ```
 */
export function unpackRecordLock(bytes: Uint8Array): Required<RecordLock> {
  return unpackRecordLockFor(bytes, currentTarget());
}
