import { closeSync, constants, fstatSync, lstatSync, openSync, statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';

import { hasCode, SystemError, withSystemErrors } from '@osx/errors';

import type { LockRequest } from './lock-request.ts';

/** Which file is meant. */
export type LockPath = Pick<LockRequest, 'path' | 'followSymlinks'>;

/** A file opened to be locked, and the inode that it is. */
export interface LockableFile {
  readonly fd: number;
  readonly isWritable: boolean;
  readonly dev: bigint;
  readonly ino: bigint;
}

/**
 * Opens what the path leads to without ever waiting (a FIFO) or taking a terminal. By
 * `openSync`, so that Node closes it when a Worker is terminated, and nothing else.
 */
export function openLockableFile(request: LockRequest): LockableFile {
  const { fd, isWritable } = withSystemErrors(() => open(request), request.path);
  try {
    const stats = withSystemErrors(() => fstatSync(fd, { bigint: true }), request.path);
    if (stats.isDirectory()) throw new SystemError({ code: 'EISDIR', syscall: 'open', path: request.path });
    return { fd, isWritable, dev: stats.dev, ino: stats.ino };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/**
 * Without O_CREAT first: in a sticky directory (/tmp) the kernel refuses O_CREAT with EACCES on another user's existing
 * file (sysctl fs.protected_regular). Between the two someone may have created it; hence the third try.
 */
function open(request: LockRequest): { fd: number; isWritable: boolean } {
  const { path, kind, shared, create, mode, followSymlinks } = request;
  // A shared lock needs no more than reading, and closing such a descriptor tells nobody that the file was written.
  const isWritable = !shared;
  const noFollow = followSymlinks ? 0 : constants.O_NOFOLLOW;
  const access = isWritable ? constants.O_RDWR : constants.O_RDONLY;
  const flags = constants.O_NONBLOCK | constants.O_NOCTTY | noFollow | access;
  try {
    return { fd: openSync(path, flags), isWritable };
  } catch (error) {
    if (kind === 'flock' && isWritable && hasCode(error, ['EACCES', 'EPERM', 'EROFS'])) {
      // flock(2) takes any descriptor.
      return { fd: openSync(path, flags & ~constants.O_RDWR), isWritable: false };
    }
    if (!create || !hasCode(error, 'ENOENT')) throw error;
  }
  try {
    return { fd: openSync(path, flags | constants.O_CREAT, mode), isWritable };
  } catch (error) {
    if (!hasCode(error, 'EACCES')) throw error;
    try {
      return { fd: openSync(path, flags), isWritable };
    } catch {
      throw error;
    }
  }
}

/** Whether the path still leads to the file; asked by stat, for a close would drop the process's POSIX locks. */
export function isStillAt(request: LockPath, file: LockableFile): boolean {
  try {
    const stats = statsOf(request);
    return stats.ino === file.ino && stats.dev === file.dev;
  } catch (error) {
    // Opening it anew will say what is wrong.
    if (hasCode(error, ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'])) return false;
    throw error;
  }
}

/** By path alone, without opening it. */
export function statsOf({ path, followSymlinks }: LockPath): BigIntStats {
  return followSymlinks ? statSync(path, { bigint: true }) : lstatSync(path, { bigint: true });
}

/** The same string for two descriptors of one inode. */
export function fileKey(file: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${file.dev}:${file.ino}`;
}
