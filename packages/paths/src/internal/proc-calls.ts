import { closeSync, openSync, readFileSync, readlinkSync, statSync, statfsSync } from 'node:fs';

import { SystemError, withSystemErrors } from '@osx/errors';
import { linuxConstants } from '@osx/native-ffi';

import { toBuffer } from './byte-path.ts';
import type { DirectoryCalls } from './directory-calls.ts';

// <linux/magic.h>
const PROC_SUPER_MAGIC = 0x9fa0;

/**
 * openat(2) and readlinkat(2) by paths through `/proc/self/fd/N`, a link of the kernel that leads to the very directory that is
 * open, wherever it was moved. No native call, and Node knows the descriptors.
 */
export const procCalls: DirectoryCalls = {
  isAvailable() {
    try {
      return statSync('/proc/self/fd').isDirectory();
    } catch {
      return false;
    }
  },
  get passFlags() {
    return linuxConstants().O_PATH;
  },
  openAt: (directory, name, flags, mode = 0) =>
    withSystemErrors(() => openSync(within(directory, name), flags, mode), toBuffer(name)),
  readLinkAt: (directory, name) =>
    withSystemErrors(
      () => readlinkSync(within(directory, name), { encoding: 'buffer' }).toString('latin1'),
      toBuffer(name),
    ),
  mountOf: (fd) => mountId(fd),
  isProcfs,
  tellsPaths: true,
  pathOf: (fd) => readlinkSync(`/proc/self/fd/${fd}`, { encoding: 'buffer' }).toString('latin1'),
  give: (fd) => fd,
  close: closeSync,
};

function within(directory: number, name: string): Buffer {
  return toBuffer(`/proc/self/fd/${directory}/${name}`);
}

function mountId(fd: number): string {
  const info = withSystemErrors(() => readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'));
  const id = /^mnt_id:\s*(\d+)/m.exec(info)?.[1];
  if (id !== undefined) return id;
  const message = 'the kernel does not tell mounts apart (requires Linux 3.15)';
  throw new SystemError({ code: 'ENOTSUP', syscall: 'open', message });
}

function isProcfs(directory: number): boolean {
  return statfsSync(`/proc/self/fd/${directory}`).type === PROC_SUPER_MAGIC;
}
