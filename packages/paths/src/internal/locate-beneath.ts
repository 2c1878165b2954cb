import { fstatSync, lstatSync, realpathSync } from 'node:fs';

import { SystemError, UnsupportedError, withSystemErrors } from '@osx/errors';

import { directoryCalls } from '../select-backend.ts';
import { toBuffer, toByteString } from './byte-path.ts';
import type { DirectoryCalls } from './directory-calls.ts';
import type { PinnedRoot } from './pin-root.ts';
import { walkBeneath, type Opening } from './walk-beneath.ts';
import { openByAnyWay } from './ways.ts';

const MAX_ATTEMPTS = 64;

/** The real path of what a confined path leads to, as a byte string. */
export function locateBeneath(root: PinnedRoot, confined: Omit<Opening, 'flags' | 'mode'>): string {
  const calls = directoryCalls();
  const opening = { ...confined, flags: calls.passFlags, mode: 0 };
  return calls.tellsPaths ? askKernel(calls, root, opening) : locateByWalk(calls, root, opening);
}

/** Opens it, and asks where the kernel has it now; asks again when it was moved or removed before the answer was there. */
function askKernel(calls: DirectoryCalls, root: PinnedRoot, opening: Opening): string {
  const fd = openByAnyWay(root.fd, opening);
  try {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      if (fstatSync(fd.number).nlink === 0) throw gone(opening, 'ENOENT');
      const above = calls.pathOf(root.fd);
      const path = calls.pathOf(fd.number);
      const isWithin = path === above || path.startsWith(above.endsWith('/') ? above : `${above}/`);
      if (isWithin && names(path, fd.number)) return path;
    }
    throw gone(opening, 'EAGAIN');
  } finally {
    fd.close();
  }
}

/** @internal */
export function locateByWalk(calls: DirectoryCalls, root: PinnedRoot, opening: Opening): string {
  const above = rootPath(root);
  const arrival = walkBeneath(calls, root.fd, opening);
  calls.close(arrival.fd);
  return [above === '/' ? '' : above, ...arrival.names].join('/') || '/';
}

function rootPath({ fd, path }: PinnedRoot): string {
  if (path === undefined) throw new UnsupportedError({ feature: 'the path of a descriptor', requires: 'procfs' });
  const real = toByteString(withSystemErrors(() => realpathSync.native(path, { encoding: 'buffer' }), path));
  if (names(real, fd)) return real;
  throw new SystemError({ code: 'EAGAIN', syscall: 'realpath', path, message: 'the root was moved' });
}

function names(path: string, fd: number): boolean {
  const opened = fstatSync(fd, { bigint: true });
  const named = lstatSync(toBuffer(path), { bigint: true, throwIfNoEntry: false });
  return named?.ino === opened.ino && named.dev === opened.dev;
}

function gone({ asked }: Opening, code: string): SystemError {
  const message = code === 'EAGAIN' ? { message: 'it is moved all the time, or out of the root' } : {};
  return new SystemError({ code, syscall: 'readlink', path: asked, ...message });
}
