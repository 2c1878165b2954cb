import fs from 'node:fs';

import { hasCode } from '@osx/errors';
import { linuxConstants } from '@osx/native-ffi';

import { attempt, make, type Steps } from './calls.ts';
import { joinPath, type FilePath } from './file-path.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;
const OPEN_DIRECTORY = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;

/**
 * Opens a directory that may have been closed to its own owner (mode 0000): then the owner's rights are given back, through a
 * descriptor that is no more than a handle of it, so that nothing else gets them.
 */
export function* openForRemoval(path: FilePath): Steps<number> {
  try {
    return yield* make('open', path, OPEN_DIRECTORY);
  } catch (error) {
    if (!hasCode(error, 'EACCES') || process.platform !== 'linux') throw error;
  }
  const pin = yield* make('open', path, linuxConstants().O_PATH | O_DIRECTORY | O_NOFOLLOW);
  try {
    const { mode } = fs.fstatSync(pin);
    yield* make('chmod', `/proc/self/fd/${pin}`, (mode & 0o7777) | 0o700);
    return yield* make('open', `/proc/self/fd/${pin}/.`, O_RDONLY | O_DIRECTORY);
  } finally {
    yield* attempt('close', pin);
  }
}

/**
 * The prefix of paths into an open directory: on Linux through its descriptor. Elsewhere, and where `/proc` is not mounted, by
 * its path, which is only as safe as the directories that it leads through.
 */
export function pathThrough(fd: number, path: FilePath): FilePath {
  const through = `/proc/self/fd/${fd}/`;
  return process.platform === 'linux' && fs.existsSync(through) ? through : joinPath(path, '/');
}

/** What tells one mount from another, bind mounts of the same file system included. */
export function mountOf(fd: number): string {
  if (process.platform === 'linux') {
    try {
      const [, id] = /^mnt_id:\s*(\d+)$/m.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')) ?? [];
      if (id !== undefined) return `mount ${id}`;
    } catch (error) {
      // No /proc here; the device tells most of it.
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }
  return `device ${fs.fstatSync(fd, { bigint: true }).dev}`;
}
