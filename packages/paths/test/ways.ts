import { openSync, constants, closeSync } from 'node:fs';

import { openat2 } from '@osx/linux/openat2';
import type { Fd } from '@osx/fds';

import { toByteString } from '../src/internal/byte-path.ts';
import { libcCalls } from '../src/internal/libc-calls.ts';
import { procCalls } from '../src/internal/proc-calls.ts';
import { openByOpenat2, openByWalk } from '../src/internal/ways.ts';

/** As the ways want it; what is not given is as openBeneath has it. */
export interface WayOptions {
  flags?: number;
  mode?: number;
  followSymlinks?: boolean;
  crossMounts?: boolean;
}

export type OpenBy = (root: string, path: string | Buffer, options?: WayOptions) => Fd;

function way(open: (root: number, opening: Parameters<typeof openByWalk>[2]) => Fd): OpenBy {
  return (root, path, { flags = 0, mode = 0, followSymlinks = true, crossMounts = true } = {}) => {
    const fd = openSync(root, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      return open(fd, { asked: path, path: toByteString(path), flags, mode, followSymlinks, crossMounts });
    } finally {
      closeSync(fd);
    }
  };
}

/** Every way that openBeneath has, one by one. All of them run on Linux. */
export const ways: [string, OpenBy][] = [
  ['openat2', way((root, opening) => openByOpenat2(openat2, root, opening))],
  ['the walk through /proc', way((root, opening) => openByWalk(procCalls, root, opening))],
  ['the walk by libc', way((root, opening) => openByWalk(libcCalls, root, opening))],
];
