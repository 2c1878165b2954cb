/**
 * Control groups, version 2: find one's own, make one, move processes in, limit, freeze and kill them as a whole, and wait
 * for what the kernel tells of them.
 *
 * @module
 */
export type { CgroupValue } from '../internal/cgroup-formats.ts';
export { cgroupOf } from './cgroup-of.ts';
export type { CgroupLimits, CpuMax } from './cgroup-limits.ts';
export type { CgroupWaitOptions, RemoveCgroupOptions, SubtreeControlChange } from './cgroup-options.ts';
export type { CgroupFiles, CgroupType } from './cgroup-files.ts';
export type { Cgroup, CgroupEvents } from './cgroup.ts';
export { openCgroup } from './open-cgroup.ts';
export { ownCgroup } from './own-cgroup.ts';
