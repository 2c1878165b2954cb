import { closeSync, constants, openSync, readFileSync } from 'node:fs';

import { checkOptions, checkPath, hasCode, invalidArgType, SystemError, withSystemErrors } from '@osx/errors';
import type { PathLike } from '@osx/errors';

import { parseAssignments } from '../internal/parse-assignments.ts';
import { openat2 } from '../openat2/openat2.ts';
import { OS_RELEASE_PATHS } from './os-release-paths.ts';
import { OsRelease } from './os-release.ts';

/** Options of {@link readOsRelease}. */
export interface ReadOsReleaseOptions {
  /**
   * The root directory of another system (an image, a container, a chroot): paths and symbolic links are resolved within
   * it and cannot lead out of it (openat2, Linux 5.6). Default: this system.
   */
  root?: PathLike | undefined;
  /**
   * Files to try, in order, in place of {@link OS_RELEASE_PATHS}: `['/etc/initrd-release']`,
   * `['/usr/lib/extension-release.d/extension-release.NAME']`, or `['/run/host/os-release']` in a sandbox.
   */
  paths?: readonly PathLike[] | undefined;
}

/** A FIFO in the file's place would otherwise wait for a writer. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Reads which distribution this is: /etc/os-release, or /usr/lib/os-release where that is missing, never both.
 *
 * Any other failure than a missing file is thrown and not passed over: what the second file says would not be true.
 *
 * @param options See {@link ReadOsReleaseOptions}.
 * @throws {SystemError} ENOENT, naming every file that was tried; EACCES, EISDIR, ELOOP.
 * @throws {UnsupportedError} for `root` before Linux 5.6.
 * @throws {TypeError} on a bad argument, before any system call.
 *
 * @example
 * ```ts
 * import { readOsRelease } from '@osx/linux/os-release';
 *
 * const { id, versionId, prettyName } = readOsRelease();
 * console.log(id, versionId, prettyName); // debian 12 Debian GNU/Linux 12 (bookworm)
 * ```
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/os-release.html
 */
export function readOsRelease(options?: ReadOsReleaseOptions): OsRelease {
  const { root, paths = OS_RELEASE_PATHS } = checkOptions('options', options);
  if (!Array.isArray(paths) || paths.length === 0) {
    throw invalidArgType('options.paths', 'an array that is not empty', paths);
  }
  const candidates = paths.map((path, index) => checkPath(`options.paths[${index}]`, path));
  if (root === undefined) return readFirst(candidates, (path) => openSync(path, FLAGS));
  const rootPath = checkPath('options.root', root);
  const rootFd = withSystemErrors(() => openSync(rootPath, constants.O_RDONLY | constants.O_DIRECTORY), rootPath);
  try {
    return readFirst(candidates, (path) => openat2(rootFd, path, { flags: FLAGS, resolve: ['in-root'] }).release());
  } finally {
    closeSync(rootFd);
  }
}

function readFirst(paths: readonly (string | Buffer)[], open: (path: string | Buffer) => number): OsRelease {
  for (const path of paths) {
    const text = readIfPresent(path, open);
    if (text !== undefined) return new OsRelease(parseAssignments(text), path.toString());
  }
  const tried = paths.map((path) => `'${path.toString()}'`).join(' and ');
  throw new SystemError({ code: 'ENOENT', syscall: 'open', message: `no such file: ${tried}` });
}

function readIfPresent(path: string | Buffer, open: (path: string | Buffer) => number): string | undefined {
  let fd: number;
  try {
    fd = withSystemErrors(() => open(path), path);
  } catch (error) {
    if (hasCode(error, ['ENOENT', 'ENOTDIR'])) return undefined;
    throw error;
  }
  try {
    return withSystemErrors(() => readFileSync(fd, 'utf8'), path);
  } finally {
    closeSync(fd);
  }
}
