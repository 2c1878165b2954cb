import fs from 'node:fs';
import type { Dirent } from 'node:fs';

import { hasCode } from '@osx/errors';

import { loadNativeFfi } from '../select-backend.ts';
import { joinPath, toFilePath, type FilePath } from './file-path.ts';
import { make, together, type Protocol } from './protocol.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
const OPEN_DIRECTORY = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
const OPEN_FILE = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
const ATTEMPTS = 10;

/**
 * Removes whatever has this name, with all that is in it, and never follows a symlink: each directory is entered through
 * its own descriptor, so a symlink that is put in its place meanwhile leads nowhere.
 */
export function* removeTree(path: FilePath): Protocol<void> {
  try {
    yield* make('unlink', path);
    return;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    // Linux says EISDIR for a directory, POSIX EPERM.
    if (!hasCode(error, ['EISDIR', 'EPERM'])) throw error;
  }
  for (let attempt = 1; ; attempt++) {
    yield* emptyDirectory(path);
    const [removed] = yield* together([['rmdir', path]]);
    if (removed.error === undefined || removed.error.code === 'ENOENT') return;
    // Someone put a new file in.
    if (removed.error.code !== 'ENOTEMPTY' || attempt === ATTEMPTS) throw removed.error;
  }
}

function* emptyDirectory(path: FilePath): Protocol<void> {
  const fd = yield* openForRemoval(path);
  try {
    // It may be one that even its owner may not write.
    yield* together([['fchmod', fd, 0o700]]);
    for (const entry of yield* entriesOf(fd, path)) yield* removeTree(entry.path);
  } finally {
    yield* together([['close', fd]]);
  }
}

function* openForRemoval(path: FilePath): Protocol<number> {
  try {
    return yield* make('open', path, OPEN_DIRECTORY);
  } catch (error) {
    if (!hasCode(error, 'EACCES') || process.platform !== 'linux') throw error;
  }
  const { O_PATH } = loadNativeFfi().linuxConstants();
  const pinned = yield* make('open', path, O_PATH | O_DIRECTORY | O_NOFOLLOW);
  try {
    yield* make('chmod', `/proc/self/fd/${pinned}`, 0o700);
    return yield* make('open', path, OPEN_DIRECTORY);
  } finally {
    yield* together([['close', pinned]]);
  }
}

/** Syncs every file and directory of a tree, given an open descriptor of its top. Symlinks are synced by their directory. */
export function* syncTree(fd: number, path: FilePath): Protocol<void> {
  for (const { path: child, dirent } of yield* entriesOf(fd, path)) {
    if (dirent.isDirectory()) yield* syncEntry(child, OPEN_DIRECTORY, true);
    else if (dirent.isFile()) yield* syncEntry(child, OPEN_FILE, false);
  }
  yield* make('fsync', fd);
}

function* syncEntry(path: FilePath, flags: number, isDirectory: boolean): Protocol<void> {
  const fd = yield* make('open', path, flags);
  try {
    if (isDirectory) yield* syncTree(fd, path);
    else yield* make('fsync', fd);
  } finally {
    yield* together([['close', fd]]);
  }
}

interface Entry {
  readonly path: FilePath;
  readonly dirent: Dirent<Buffer>;
}

/** What is in an open directory. On Linux the paths lead through its descriptor, elsewhere through its path. */
function* entriesOf(fd: number, path: FilePath): Protocol<Entry[]> {
  const prefix = process.platform === 'linux' ? `/proc/self/fd/${fd}/` : joinPath(path, '/');
  const dirents = yield* make('readdir', prefix, { encoding: 'buffer', withFileTypes: true });
  return dirents.map((dirent) => ({ path: joinPath(prefix, toFilePath(dirent.name)), dirent }));
}
