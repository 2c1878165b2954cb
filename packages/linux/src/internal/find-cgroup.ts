import { readFileSync } from 'node:fs';

import { hasCode, SystemError, UnsupportedError } from '@osx/errors';

import { CgroupDirectory } from './cgroup-directory.ts';
import { cgroupMounts, directoryInMount, type CgroupMount } from './cgroup-mounts.ts';

/** A cgroup that was found: where it is in the hierarchy, where it is seen, and the mount that shows it. */
export interface FoundCgroup {
  readonly path: string;
  readonly mount: CgroupMount;
  readonly directory: CgroupDirectory;
}

/** @throws {SystemError} ENOENT when no mount shows it, or it is not there. */
export function findCgroup(path: string): FoundCgroup {
  let missing: Error | undefined;
  for (const mount of cgroupMounts()) {
    const directory = directoryInMount(mount, path);
    if (directory === undefined) continue;
    try {
      return { path, mount, directory: new CgroupDirectory(directory) };
    } catch (error) {
      missing ??= error as Error;
    }
  }
  if (missing !== undefined) throw missing;
  const message = 'no mounted cgroup2 shows this cgroup: mount one here, mount -t cgroup2 none DIRECTORY';
  throw new SystemError({ code: 'ENOENT', syscall: 'stat', path, message });
}

const REMOVED = ' (deleted)';

/** Where in the v2 hierarchy a process is. */
export function findCgroupOf(pid: number | 'self'): FoundCgroup {
  const path = readCgroupPath(pid);
  try {
    return findCgroup(path);
  } catch (error) {
    // A cgroup may also be called that.
    if (!path.endsWith(REMOVED) || !hasCode(error, 'ENOENT')) throw error;
    const message = 'the cgroup of the process was removed';
    throw new SystemError({ code: 'ENODEV', syscall: 'stat', path: path.slice(0, -REMOVED.length), message });
  }
}

/** The line `0::/path` of /proc/PID/cgroup; as seen from this process's cgroup namespace. */
export function readCgroupPath(pid: number | 'self'): string {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
  } catch (error) {
    if (!hasCode(error, ['ENOENT', 'ESRCH'])) throw error;
    throw new SystemError({ code: 'ESRCH', syscall: 'open', message: `no such process ${pid}`, cause: error });
  }
  const path = /^0::(.*)$/m.exec(text)?.[1];
  if (path !== undefined) return path;
  throw new UnsupportedError({
    feature: 'cgroups v2',
    requires: 'Linux 4.5 and the hierarchy mounted',
    syscall: 'read',
  });
}
