import { checkCgroupPath } from '../internal/check-cgroup-arguments.ts';
import { findCgroup } from '../internal/find-cgroup.ts';
import { Cgroup } from './cgroup.ts';

/**
 * A cgroup by its path in the v2 hierarchy, as `/proc/PID/cgroup` and systemd's `ControlGroup` have it.
 *
 * **Platform** Linux 4.5, cgroup v2.
 *
 * @param path Begins with `/`, which alone is the root of this process's cgroup namespace; `.` and `..` are refused.
 * @throws {SystemError} ENOENT (not there, or no mount shows it), EACCES.
 * @throws {UnsupportedError} without a mounted cgroup2.
 *
 * @example
 * ```ts
 * import { openCgroup } from '@osx/linux/cgroups';
 * import { isSystemError } from '@osx/errors';
 *
 * try {
 *   console.log(openCgroup('/').children().map(({ name }) => name));
 * } catch (error) {
 *   console.log(isSystemError(error)); // no cgroup2 here
 * }
 * ```
 *
 * @see https://man7.org/linux/man-pages/man7/cgroups.7.html
 */
export function openCgroup(path: string): Cgroup {
  return new Cgroup(findCgroup(checkCgroupPath(path)));
}
