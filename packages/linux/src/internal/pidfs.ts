import { fstatSync, readFileSync, statfsSync } from 'node:fs';

import { UnsupportedError } from '@osx/errors';

import { PID_FS_MAGIC } from './pidfd-constants.ts';

/**
 * The inode of a pidfd: given to one process per boot and never again, whatever becomes of its number.
 *
 * @throws {UnsupportedError} before Linux 6.9, where all pidfds share one anonymous inode.
 */
export function pidfsInode(fd: number): bigint {
  if (statfsSync(`/proc/self/fd/${fd}`).type !== PID_FS_MAGIC) {
    throw new UnsupportedError({ feature: 'the identity of a process (pidfs)', requires: 'Linux 6.9' });
  }
  return fstatSync(fd, { bigint: true }).ino;
}

/** The random name of this boot: what counts from zero in every boot needs it to be an identity. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}

/** The process behind a pidfd, as seen in the pid namespace of this procfs; -1 once it is reaped, 0 when out of sight. */
export function pidOfPidfd(fd: number): number {
  const fdinfo = readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1');
  return Number.parseInt(/^Pid:\s*(-?\d+)/m.exec(fdinfo)?.[1] ?? '0', 10);
}
