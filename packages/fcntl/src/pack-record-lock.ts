import { packForThisProcess } from './internal/record-lock-bytes.ts';
import type { RecordLock } from './record-lock.ts';

/**
 * The bytes of this platform's `struct flock`.
 *
 * **Platform** Linux and Darwin, x64 and arm64; Darwin's layout is tested as bytes, not run.
 *
 * @param lock `start` and `length` as number or bigint.
 * @returns 32 bytes on Linux, 24 on Darwin.
 * @throws {TypeError|RangeError} on an unknown type or whence, or a range that does not fit into off_t.
 * @example
 * ```ts
 * import { packRecordLock, unpackRecordLock } from '@osx/fcntl';
 *
 * const bytes = packRecordLock({ type: 'write', start: 100, length: 10 });
 * console.log(unpackRecordLock(bytes)); // { type: 'write', whence: 'start', start: 100, length: 10, pid: 0 }
 * ```
 */
export function packRecordLock(lock: RecordLock): Uint8Array {
  return packForThisProcess(lock);
}
