import { checkPid } from '../internal/check-cgroup-arguments.ts';
import { findCgroupOf } from '../internal/find-cgroup.ts';
import { Cgroup } from './cgroup.ts';

/**
 * The cgroup that a process is in.
 *
 * **Platform** Linux 4.5, cgroup v2.
 *
 * **Gotchas** The pid is a number: unless the process is yours, or pinned by a pidfd, it may be another's by now.
 *
 * @param pid 1 or more.
 * @throws {SystemError} ESRCH; ENODEV (its cgroup was removed: a zombie's may be); ENOENT (no mount shows it, as that of a
 *   process outside of this container).
 * @throws {UnsupportedError} without a mounted cgroup2.
 *
 * @example
 * ```ts
 * import { cgroupOf } from '@osx/linux/cgroups';
 * import { isSystemError } from '@osx/errors';
 *
 * try {
 *   console.log(cgroupOf(process.pid).path);
 * } catch (error) {
 *   console.log(isSystemError(error)); // no cgroup2 here
 * }
 * ```
 *
 * @see https://man7.org/linux/man-pages/man7/cgroups.7.html
 */
export function cgroupOf(pid: number): Cgroup {
  return new Cgroup(findCgroupOf(checkPid('pid', pid)));
}
