/**
 * File locks that are never held twice: OFD, flock and POSIX locks, waiting without polling and without threads, who
 * holds them, and fcntl(2).
 *
 * @module
 */
export {
  getFdFlags,
  getPipeSize,
  getStatusFlags,
  setCloseOnExec,
  setFdFlags,
  setNonblocking,
  setPipeSize,
  setStatusFlags,
} from '@osx/fds';
export type { DuplicateOptions, FdLike } from '@osx/fds';
export { duplicateFd } from './duplicate-fd.ts';
export { fcntl } from './fcntl.ts';
export { FileLock } from './file-lock.ts';
export { flock } from './flock.ts';
export { lockFile } from './lock-file.ts';
export { lockHolders } from './lock-holders.ts';
export type { LockHolder, LockHoldersOptions } from './lock-holders.ts';
export type { LockKind, LockOptions, TryLockOptions } from './lock-options.ts';
export { packRecordLock } from './pack-record-lock.ts';
export type { RecordLock } from './record-lock.ts';
export { setRecordLock } from './set-record-lock.ts';
export type { RecordLockOptions } from './set-record-lock.ts';
export { testRecordLock } from './test-record-lock.ts';
export { tryLockFile } from './try-lock-file.ts';
export { unpackRecordLock } from './unpack-record-lock.ts';
export { withFileLock } from './with-file-lock.ts';
