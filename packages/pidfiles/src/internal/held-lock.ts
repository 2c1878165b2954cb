import { closeSync, fstatSync, lstatSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';

import { hasCode, SystemError, withSystemErrors } from '@osx/errors';
import { flock, getStatusFlags, setCloseOnExec } from '@osx/fcntl';
import type { FileLock } from '@osx/fcntl';
import { platformConstants } from '@osx/native-ffi';

import { isSameFile, refuseOtherFiles } from './regular-file.ts';

/** The descriptor that holds the lock of a pidfile, and how to let go of it: by closing, never by LOCK_UN. */
export interface HeldLock {
  readonly fd: number;
  readonly stats: BigIntStats;
  release(): void;
}

/** A lock that was just obtained; released again when its file is no pidfile. */
export function holdLock(lock: FileLock, path: string | Buffer, inheritable: boolean): HeldLock {
  try {
    return { fd: lock.fd, stats: prepare(lock.fd, path, inheritable), release: () => lock.release() };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * A descriptor that another process locked and handed on. Asking for the lock again is granted at once when this
 * descriptor holds it, or nobody does; it then is exclusive in any case.
 */
export function adoptLock(fd: number, path: string | Buffer, inheritable: boolean): HeldLock {
  const stats = withSystemErrors(() => fstatSync(fd, { bigint: true }), path);
  refuseOtherFiles(path, stats);
  if (
    !isSameFile(
      stats,
      withSystemErrors(() => lstatSync(path, { bigint: true, throwIfNoEntry: false }), path),
    )
  ) {
    throw new SystemError({ code: 'ESTALE', syscall: 'lstat', path, message: 'the descriptor is of another file' });
  }
  const { O_ACCMODE, O_RDWR } = platformConstants();
  if ((getStatusFlags(fd) & O_ACCMODE) !== O_RDWR) {
    throw new SystemError({ code: 'EBADF', syscall: 'fcntl', path, message: 'the descriptor is not open for both' });
  }
  try {
    flock(fd, 'exclusive');
  } catch (cause) {
    if (!hasCode(cause, 'EAGAIN')) throw cause;
    const message = 'another holds the lock, not this descriptor';
    throw new SystemError({ code: 'EEXIST', syscall: 'flock', path, message, cause });
  }
  return { fd, stats: prepare(fd, path, inheritable), release: () => withSystemErrors(() => closeSync(fd), path) };
}

function prepare(fd: number, path: string | Buffer, inheritable: boolean): BigIntStats {
  const stats = withSystemErrors(() => fstatSync(fd, { bigint: true }), path);
  refuseOtherFiles(path, stats);
  setCloseOnExec(fd, !inheritable);
  return stats;
}
