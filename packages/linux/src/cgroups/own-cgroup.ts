import { findCgroupOf } from '../internal/find-cgroup.ts';
import { Cgroup } from './cgroup.ts';

/**
 * The cgroup that this process is in, wherever the v2 hierarchy is mounted: alone, beside v1 (`/sys/fs/cgroup/unified`), in
 * a container.
 *
 * **Platform** Linux 4.5, cgroup v2.
 *
 * @throws {SystemError} ENOENT: no mount shows it, as after `unshare --cgroup` without a mount of its own.
 * @throws {UnsupportedError} without a mounted cgroup2.
 *
 * @example
 * ```ts
 * import { ownCgroup } from '@osx/linux/cgroups';
 * import { isSystemError } from '@osx/errors';
 *
 * try {
 *   const own = ownCgroup();
 *   console.log(own.path, own.controllers);
 * } catch (error) {
 *   console.log(isSystemError(error)); // no cgroup2 here
 * }
 * ```
 *
 * @see https://man7.org/linux/man-pages/man7/cgroups.7.html
 */
export function ownCgroup(): Cgroup {
  return new Cgroup(findCgroupOf('self'));
}
