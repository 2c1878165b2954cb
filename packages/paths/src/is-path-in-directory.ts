import { checkBoolean, checkOptions, checkPath, type PathLike } from '@osx/errors';

import { absolute, lexicalNames, toByteString } from './internal/byte-path.ts';
import { realLocation } from './internal/real-location.ts';

export interface IsPathInDirectoryOptions {
  /**
   * Follow symbolic links, of the directory and of the path, the last one too (default). False compares the paths as they
   * are written, and reads nothing.
   */
  followSymlinks?: boolean | undefined;
  /** Whether a directory counts as being in itself; default false. */
  includeSelf?: boolean | undefined;
}

/**
 * Whether a path leads to a place below a directory. Names are compared whole: `/srv/data-old` is not in `/srv/data`.
 *
 * What does not exist is taken as it is written, so a file can be judged before it is made. A dangling symbolic link counts
 * as the place that it points to.
 *
 * **Platform** Linux, macOS (not run). Names are compared byte by byte, also where the file system ignores case.
 *
 * **Gotchas** The answer holds for the moment: whoever may rename something on the way can make it wrong before the path is
 * used. Open with {@link openBeneath} what others can change.
 *
 * @param path Relative ones start at the current directory, as does `directory`.
 * @param options See {@link IsPathInDirectoryOptions}.
 * @throws {TypeError} on a bad argument.
 * @throws {SystemError} `ELOOP`; `EACCES` where a directory on the way may not be searched: it is not known then.
 *
 * @example
 * ```ts
 * import { mkdirSync, symlinkSync } from 'node:fs';
 * import { isPathInDirectory } from '@osx/paths';
 *
 * mkdirSync('uploads');
 * symlinkSync('/etc', 'uploads/etc');
 * console.log(isPathInDirectory('uploads/new.txt', 'uploads')); // true
 * console.log(isPathInDirectory('uploads/etc/passwd', 'uploads')); // false
 * console.log(isPathInDirectory('uploads-old', 'uploads')); // false
 * ```
 *
 * @see https://man7.org/linux/man-pages/man7/path_resolution.7.html
 */
export function isPathInDirectory(path: PathLike, directory: PathLike, options?: IsPathInDirectoryOptions): boolean {
  const inner = toByteString(checkPath('path', path));
  const outer = toByteString(checkPath('directory', directory));
  const { followSymlinks = true, includeSelf = false } = checkOptions('options', options);
  checkBoolean('options.followSymlinks', followSymlinks);
  checkBoolean('options.includeSelf', includeSelf);
  const namesOf = (bytes: string): string[] => (followSymlinks ? realLocation(bytes) : lexicalNames(absolute(bytes)));
  const above = namesOf(outer);
  const below = namesOf(inner);
  if (below.length < above.length + (includeSelf ? 0 : 1)) return false;
  return above.every((name, index) => below[index] === name);
}
