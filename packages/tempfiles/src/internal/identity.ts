import fs from 'node:fs';

import { hasCode } from '@osx/errors';

import { make, type Steps } from './calls.ts';
import type { FilePath } from './file-path.ts';

/** Whether a path leads, without following a symlink at its end, to the very file that a descriptor is open on. */
export function isStillAt(path: FilePath, fd: number): boolean {
  try {
    return isSame(fs.lstatSync(path, { bigint: true }), fd);
  } catch (error) {
    if (hasCode(error, ['ENOENT', 'ENOTDIR'])) return false;
    throw error;
  }
}

/** The same; on a file system of this machine at once, on others by the thread pool. */
export function* findStillAt(path: FilePath, fd: number, isQuick: boolean): Steps<boolean> {
  if (isQuick) return isStillAt(path, fd);
  try {
    return isSame(yield* make('lstat', path, { bigint: true }), fd);
  } catch (error) {
    if (hasCode(error, ['ENOENT', 'ENOTDIR'])) return false;
    throw error;
  }
}

function isSame(there: fs.BigIntStats, fd: number): boolean {
  const open = fs.fstatSync(fd, { bigint: true });
  return there.ino === open.ino && there.dev === open.dev;
}
