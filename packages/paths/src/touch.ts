import { closeSync, constants, openSync } from 'node:fs';

import {
  checkBoolean,
  checkInteger,
  checkOptions,
  checkPath,
  hasCode,
  withSystemErrors,
  type PathLike,
} from '@osx/errors';

import { checkTime, setTimes, type FileTime } from './internal/file-times.ts';

/**
 * What a time is set to: `now`, by the file system's own clock; `omit`, left as it is; a Date; milliseconds since 1970; or, as a bigint,
 * nanoseconds.
 */
export type TouchTime = FileTime;

export interface TouchOptions {
  /** Both times; default `'now'`. */
  time?: TouchTime | undefined;
  /** The access time; default: `time`. */
  accessTime?: TouchTime | undefined;
  /** The modification time; default: `time`. */
  modificationTime?: TouchTime | undefined;
  /** Makes the file when it is missing; default true. */
  create?: boolean | undefined;
  /** Permissions of a file that is made, before the umask; default 0o666. */
  mode?: number | undefined;
  /** False sets the times of a symbolic link itself; default true. */
  followSymlinks?: boolean | undefined;
}

/** A name that is made and removed all the time. */
const MAX_ATTEMPTS = 64;

/**
 * Sets the times of a file, and makes it when it is missing: touch(1).
 *
 * `now` is left to the kernel (UTIME_NOW), and so it takes no more than the right to write: `fs.utimes` with `Date.now()` is
 * `EPERM` for a file of another user, and sets a time of another clock than the file system's.
 *
 * **Platform** Linux, macOS (not run). Where native calls are not to be had, Node's own clock and the owner's rights have to do.
 *
 * **Gotchas** Nothing is opened that is there already: a FIFO does not wait, a device does not rewind. Any other time than now takes the
 * file's owner, or root. A file system keeps times as exactly as it can: nanoseconds on most, two seconds on FAT.
 *
 * @param options See {@link TouchOptions}.
 * @returns Whether it made the file.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} `ENOENT`, `EACCES`, `EPERM`, `EROFS`, `ENOTDIR`, `ELOOP`.
 *
 * @example
 * ```ts
 * import { statSync } from 'node:fs';
 * import { touch } from '@osx/paths';
 *
 * console.log(await touch('stamp'), await touch('stamp')); // true false
 * await touch('stamp', { modificationTime: new Date(0), accessTime: 'omit' });
 * console.log(statSync('stamp').mtimeMs); // 0
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/utimensat.2.html
 */
export async function touch(path: PathLike, options?: TouchOptions): Promise<boolean> {
  return touchSync(path, options);
}

/** {@link touch}, without a promise. */
export function touchSync(path: PathLike, options?: TouchOptions): boolean {
  const checkedPath = checkPath('path', path);
  const checkedOptions = checkOptions('options', options);
  const { create = true, mode = 0o666, followSymlinks = true, time = 'now' } = checkedOptions;
  checkTime('options.time', time);
  const { accessTime = time, modificationTime = time } = checkedOptions;
  checkTime('options.accessTime', accessTime);
  checkTime('options.modificationTime', modificationTime);
  checkBoolean('options.create', create);
  checkInteger('options.mode', mode, { min: 0, max: 0o7777 });
  checkBoolean('options.followSymlinks', followSymlinks);
  let isMade = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      setTimes(checkedPath, accessTime, modificationTime, followSymlinks);
      return isMade;
    } catch (error) {
      if (!create || attempt === MAX_ATTEMPTS || !hasCode(error, 'ENOENT')) throw error;
      isMade = make(checkedPath, mode, followSymlinks) || isMade;
    }
  }
}

/** Makes a file; false when there is one by now, or a link that leads to a place where none can be seen. */
function make(path: string | Buffer, mode: number, followSymlinks: boolean): boolean {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOCTTY, O_NONBLOCK } = constants;
  const flags = O_CREAT | O_WRONLY | O_NOCTTY | O_NONBLOCK;
  try {
    closeSync(withSystemErrors(() => openSync(path, flags | O_EXCL, mode), path));
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  // A dangling link: the file is made where it points.
  if (followSymlinks) closeSync(withSystemErrors(() => openSync(path, flags, mode), path));
  return followSymlinks;
}
