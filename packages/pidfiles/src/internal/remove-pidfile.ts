import { unlinkSync } from 'node:fs';

import { isSystemError, withSystemErrors } from '@osx/errors';
import { tryLockFile } from '@osx/fcntl';

import type { PidfileRecord } from '../pidfile-record.ts';
import type { HeldLock } from './held-lock.ts';
import { ownFacts } from './process-facts.ts';
import { readRecord } from './record-file.ts';
import { isSameFile, statsOfOpen } from './regular-file.ts';

/** The file that this process locked; `stats` from before its descriptor was closed. */
type ClosedLock = Pick<HeldLock, 'stats'>;

/**
 * Unlinks a pidfile whose descriptor was just closed, if nobody has it now: locks it anew, which is refused when a child
 * that got the descriptor keeps the old lock or another starter came first, and looks whether the inode is the same and
 * the record still this process's. So the name is only ever removed while the lock is held, and never somebody else's.
 *
 * Where it may not or cannot be removed the file stays: without a lock it means nothing.
 */
export function removePidfile(path: string | Buffer, { stats }: ClosedLock): void {
  try {
    const lock = tryLockFile(path, { kind: 'flock', followSymlinks: false, create: false });
    if (lock === null) return;
    try {
      const isOurs = isSameFile(stats, statsOfOpen(lock.fd)) && isOwnRecord(lock.fd, path);
      if (isOurs) withSystemErrors(() => unlinkSync(path), path);
    } finally {
      lock.release();
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

/** Whether the file holds what this process wrote. */
function isOwnRecord(fd: number, path: string | Buffer): boolean {
  let record: PidfileRecord | null;
  try {
    record = readRecord(fd, path);
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
  const { startTime, bootId, pidNamespace } = ownFacts();
  return (
    record?.pid === process.pid &&
    record.startTime === startTime &&
    record.bootId === bootId &&
    record.pidNamespace === pidNamespace
  );
}
