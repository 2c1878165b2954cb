import { closeSync, constants, openSync } from 'node:fs';

import { checkFd, checkPath, withSystemErrors, type PathLike } from '@osx/errors';
import type { FdLike } from '@osx/fds';

import { flagNumbers } from './flag-numbers.ts';

/** The root of a confined path, held open: whatever is renamed later, it is the same directory. */
export interface PinnedRoot {
  readonly fd: number;
  /** Its path as the caller gave it; undefined for a descriptor. */
  readonly path: string | Buffer | undefined;
  close(): void;
}

export function pinRoot(root: PathLike | FdLike): PinnedRoot {
  if (isFdLike(root)) return { fd: checkFd('root', numberOf(root)), path: undefined, close: () => {} };
  const path = checkPath('root', root);
  // With O_PATH the right to search the directory is enough.
  const flags = flagNumbers().O_PATH | constants.O_DIRECTORY;
  const fd = withSystemErrors(() => openSync(path, flags), path);
  return { fd, path, close: () => closeSync(fd) };
}

function isFdLike(root: PathLike | FdLike): root is FdLike {
  return typeof root === 'number' || (typeof root === 'object' && root !== null && 'number' in root);
}

function numberOf(root: FdLike): number {
  return typeof root === 'number' ? root : root.number;
}
