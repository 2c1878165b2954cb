import { checkFunction } from '@osx/errors';
import type { PathLike } from '@osx/errors';

import type { FileLock } from './file-lock.ts';
import { lockFile } from './lock-file.ts';
import type { LockOptions } from './lock-options.ts';

/**
 * Runs a callback while holding the lock, and releases it when the callback has returned, rejected or thrown.
 *
 * **Platform** As {@link lockFile}.
 *
 * @param callback Gets the lock. `options.signal` ends the waiting, not the callback.
 * @returns What the callback returns.
 * @throws what the callback throws, and what {@link lockFile} throws.
 * @example
 * ```ts
 * import { readFileSync, writeFileSync } from 'node:fs';
 * import { withFileLock } from '@osx/fcntl';
 *
 * writeFileSync('counter', '0');
 * await withFileLock('counter.lock', {}, () => writeFileSync('counter', String(Number(readFileSync('counter')) + 1)));
 * ```
 */
export async function withFileLock<T>(
  path: PathLike,
  options: LockOptions | undefined,
  callback: (lock: FileLock) => T | PromiseLike<T>,
): Promise<T> {
  checkFunction('callback', callback);
  const lock = await lockFile(path, options);
  let result: T;
  try {
    result = await callback(lock);
  } catch (error) {
    releaseQuietly(lock);
    throw error;
  }
  lock.release();
  return result;
}

/** The callback's error is the one to tell. */
function releaseQuietly(lock: FileLock): void {
  try {
    lock.release();
  } catch {}
}
