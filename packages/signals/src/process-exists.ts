import { isSystemError } from '@osx/errors';

import { checkPid } from './internal/check-pid.ts';
import { kill } from './internal/kill.ts';

/**
 * Whether a process has this number now (signal 0), be it anybody's.
 *
 * **Platform** Linux, Darwin, FreeBSD.
 *
 * **Gotchas** A zombie exists until its parent has waited for it. The number says nothing about which process it is, and
 * the answer may be old when it arrives. On Linux numbers of threads exist as well.
 *
 * @param pid 1 or more.
 * @throws {TypeError|RangeError} before any system call.
 * @example
 * ```ts
 * import { processExists } from '@osx/signals';
 *
 * console.log(processExists(process.pid)); // true
 * ```
 * @see https://man7.org/linux/man-pages/man2/kill.2.html
 */
export function processExists(pid: number): boolean {
  const target = checkPid(pid);
  try {
    kill(target, 0);
    return true;
  } catch (error) {
    if (isSystemError(error, 'EPERM')) return true;
    if (isSystemError(error, 'ESRCH')) return false;
    throw error;
  }
}
