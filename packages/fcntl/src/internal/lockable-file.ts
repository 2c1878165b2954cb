import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';

import { hasCode, SystemError } from '@osx/errors';

import type { LockRequest } from './lock-request.ts';
import { withSystemErrors } from './node-error.ts';

/** A file opened to be locked, and the inode that it is. */
export interface LockableFile {
  readonly fd: number;
  readonly dev: bigint;
  readonly ino: bigint;
}

/**
 * Opens what the path leads to, symbolic links followed, without ever waiting (a FIFO) or taking a terminal. By
 * `openSync`, so that Node closes it when a Worker is terminated, and nothing else.
 */
export function openLockableFile(request: LockRequest): LockableFile {
  const fd = withSystemErrors(() => open(request), request.path);
  try {
    const stats = withSystemErrors(() => fstatSync(fd, { bigint: true }), request.path);
    if (stats.isDirectory()) throw new SystemError({ code: 'EISDIR', syscall: 'open', path: request.path });
    return { fd, dev: stats.dev, ino: stats.ino };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/**
 * Without O_CREAT first: in a sticky directory (/tmp) the kernel refuses O_CREAT with EACCES on another user's existing
 * file (sysctl fs.protected_regular). Between the two someone may have created it; hence the third try.
 */
function open({ path, kind, shared, create, mode }: LockRequest): number {
  // A shared lock needs no more than reading, and closing such a descriptor tells nobody that the file was written.
  const access = shared ? constants.O_RDONLY : constants.O_RDWR;
  const flags = access | constants.O_NONBLOCK | constants.O_NOCTTY;
  try {
    return openSync(path, flags);
  } catch (error) {
    // flock(2) takes any descriptor.
    if (kind === 'flock' && !shared && hasCode(error, ['EACCES', 'EPERM', 'EROFS']))
      return openSync(path, flags & ~access);
    if (!create || !hasCode(error, 'ENOENT')) throw error;
  }
  try {
    return openSync(path, flags | constants.O_CREAT, mode);
  } catch (error) {
    if (!hasCode(error, 'EACCES')) throw error;
    try {
      return openSync(path, flags);
    } catch {
      throw error;
    }
  }
}

/** Whether the path still leads to the file; asked by stat, for a close would drop the process's POSIX locks. */
export function isStillAt(path: string | Buffer, file: LockableFile): boolean {
  try {
    const stats = statSync(path, { bigint: true });
    return stats.ino === file.ino && stats.dev === file.dev;
  } catch (error) {
    // Opening it anew will say what is wrong.
    if (hasCode(error, ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'])) return false;
    throw error;
  }
}

/** The same string for two descriptors of one inode. */
export function fileKey(file: LockableFile): string {
  return `${file.dev}:${file.ino}`;
}
