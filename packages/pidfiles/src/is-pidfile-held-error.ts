import { isSystemError } from '@osx/errors';

import type { PidfileHeldError } from './pidfile-held-error.ts';

/**
 * Whether an error says that another process has the pidfile: that of `acquirePidfile()`, at once (`EEXIST`) or after
 * waiting (`ETIMEDOUT`).
 *
 * @param error Anything that was caught.
 * @returns true for an error with `ownerPid`.
 * @example
 * ```ts
 * import { acquirePidfile, isPidfileHeldError } from '@osx/pidfiles';
 *
 * using pidfile = await acquirePidfile('job.pid');
 * try {
 *   await acquirePidfile('job.pid');
 * } catch (error) {
 *   if (!isPidfileHeldError(error)) throw error;
 *   console.log(error.ownerPid === process.pid, pidfile.isLocked); // true true
 * }
 * ```
 */
export function isPidfileHeldError(error: unknown): error is PidfileHeldError {
  return isSystemError(error, ['EEXIST', 'ETIMEDOUT']) && Object.hasOwn(error, 'ownerPid');
}
