import { checkFunction } from '@osx/errors';
import type { PathLike } from '@osx/errors';

import { acquirePidfile } from './acquire-pidfile.ts';
import type { AcquirePidfileOptions } from './pidfile-options.ts';
import type { Pidfile } from './pidfile.ts';

/**
 * Runs a callback as the one process that runs, and closes the pidfile when the callback has returned, rejected or thrown.
 *
 * **Platform** As {@link acquirePidfile}.
 *
 * @param callback Gets the pidfile. `options.signal` ends the waiting, not the callback.
 * @returns What the callback returns.
 * @throws what the callback throws, and what {@link acquirePidfile} throws.
 * @example
 * ```ts
 * import { existsSync } from 'node:fs';
 * import { withPidfile } from '@osx/pidfiles';
 *
 * await withPidfile('job.pid', {}, () => console.log(existsSync('job.pid'))); // true
 * console.log(existsSync('job.pid')); // false
 * ```
 */
export async function withPidfile<T>(
  path: PathLike,
  options: AcquirePidfileOptions | undefined,
  callback: (pidfile: Pidfile) => T | PromiseLike<T>,
): Promise<T> {
  checkFunction('callback', callback);
  const pidfile = await acquirePidfile(path, options);
  let result: T;
  try {
    result = await callback(pidfile);
  } catch (error) {
    closeQuietly(pidfile);
    throw error;
  }
  pidfile.close();
  return result;
}

/** The callback's error is the one to tell. */
function closeQuietly(pidfile: Pidfile): void {
  try {
    pidfile.close();
  } catch {}
}
