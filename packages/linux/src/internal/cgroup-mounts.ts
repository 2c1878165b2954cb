import { readFileSync, statfsSync } from 'node:fs';

import { UnsupportedError } from '@osx/errors';

import { CGROUP2_SUPER_MAGIC } from './cgroup-constants.ts';

/** A place where (a part of) the cgroup v2 hierarchy is mounted. */
export interface CgroupMount {
  readonly mountPoint: string;
  /** The cgroup that is seen there, as a path in the hierarchy; `/..` and the like above the cgroup namespace. */
  readonly root: string;
  readonly isReadOnly: boolean;
}

/**
 * The cgroup2 mounts of `/proc/self/mountinfo` that can be reached; writable ones first.
 *
 * @throws {UnsupportedError} where there is none.
 */
export function cgroupMounts(): CgroupMount[] {
  const mounts = parseCgroupMounts(readFileSync('/proc/self/mountinfo', 'utf8')).filter(isOnTop);
  if (mounts.length === 0) {
    throw new UnsupportedError({
      feature: 'cgroups v2',
      requires: 'Linux 4.5, and the hierarchy mounted: mount -t cgroup2 none DIRECTORY',
    });
  }
  return mounts.toSorted((a, b) => Number(a.isReadOnly) - Number(b.isReadOnly));
}

/** `36 35 0:38 / /sys/fs/cgroup rw,noatime master:1 - cgroup2 source rw`: proc_pid_mountinfo(5). */
export function parseCgroupMounts(mountinfo: string): CgroupMount[] {
  const mounts: CgroupMount[] = [];
  for (const line of mountinfo.split('\n')) {
    const [own = '', ofSuperblock = ''] = line.split(' - ', 2);
    const [, , , root, mountPoint, options = ''] = own.split(' ');
    const [type, , superOptions = ''] = ofSuperblock.split(' ');
    if (type !== 'cgroup2' || root === undefined || mountPoint === undefined) continue;
    const isReadOnly = [options, superOptions].some((list) => list.split(',').includes('ro'));
    mounts.push({ mountPoint: unescaped(mountPoint), root: unescaped(root), isReadOnly });
  }
  return mounts;
}

/** The directory of a cgroup in a mount; undefined when the mount does not show it. */
export function directoryInMount({ mountPoint, root }: CgroupMount, path: string): string | undefined {
  const below =
    root === '/' ? path : path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : undefined;
  // Above the root of the namespace names are not told: `/../x` is below `/..`, `/..` and `/../..` are not below `/`.
  if (below === undefined || below.split('/').includes('..')) return undefined;
  return below === '' || below === '/' ? mountPoint : (mountPoint === '/' ? '' : mountPoint) + below;
}

/** Another mount may hide it. */
function isOnTop({ mountPoint }: CgroupMount): boolean {
  try {
    return statfsSync(mountPoint).type === CGROUP2_SUPER_MAGIC;
  } catch {
    return false;
  }
}

/** Space, tab, newline and backslash stand in octal. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
