import { readFileSync, statSync } from 'node:fs';

import { hasCode, UnsupportedError, withSystemErrors } from '@osx/errors';

/** A file of /proc that belongs to no process, or to this one. */
export function readProcFile(path: `/proc/${string}`): Buffer {
  try {
    return withSystemErrors(() => readFileSync(path), path);
  } catch (error) {
    throw isProcMounted() ? error : noProc(error);
  }
}

/** Whether /proc is a procfs, and one in which this process appears. */
export function isProcMounted(): boolean {
  try {
    statSync('/proc/self/stat');
    return true;
  } catch (error) {
    if (hasCode(error, ['ENOENT', 'ENOTDIR'])) return false;
    throw error;
  }
}

export function noProc(cause: unknown): UnsupportedError {
  return new UnsupportedError({ feature: 'proc', requires: 'procfs mounted on /proc', cause });
}
