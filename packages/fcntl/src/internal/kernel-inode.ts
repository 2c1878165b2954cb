import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';

import { withSystemErrors } from '@osx/errors';

import { linuxConstants } from '@osx/native-ffi';

export interface KernelInode {
  readonly dev: bigint;
  readonly ino: bigint;
  /** `major:minor:inode` as in /proc/locks. */
  readonly name: string;
}

/**
 * The inode that a path leads to. /proc/locks names it by the device of the superblock and the kernel's inode number,
 * which are not those of stat(2) on btrfs and overlayfs: so they are read from fdinfo and mountinfo.
 *
 * O_PATH: needs no permission on the file, wakes nobody when closed, and does not drop the process's POSIX locks.
 */
export function kernelInode(path: string | Buffer): KernelInode {
  const fd = withSystemErrors(() => openSync(path, linuxConstants().O_PATH), path);
  try {
    const { dev, ino } = fstatSync(fd, { bigint: true });
    const fdinfo = readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1');
    const inode = /^ino:\s*(\d+)$/m.exec(fdinfo)?.[1] ?? String(ino);
    const mount = /^mnt_id:\s*(\d+)$/m.exec(fdinfo)?.[1];
    return { dev, ino, name: `${deviceOfMount(mount) ?? deviceName(dev)}:${inode}` };
  } finally {
    closeSync(fd);
  }
}

function deviceOfMount(id: string | undefined): string | undefined {
  for (const line of readFileSync('/proc/self/mountinfo', 'latin1').split('\n')) {
    const [mount, , device = ''] = line.split(' ');
    if (mount === id) return hexPair(device.split(':').map(Number));
  }
  return undefined;
}

/** The encoding of dev_t that glibc and the kernel share on Linux. */
function deviceName(dev: bigint): string {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
  const minor = (dev & 0xffn) | ((dev >> 12n) & ~0xffn);
  return hexPair([Number(major), Number(minor)]);
}

function hexPair(numbers: readonly number[]): string {
  return numbers.map((number) => number.toString(16).padStart(2, '0')).join(':');
}
