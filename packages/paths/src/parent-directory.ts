import { checkInteger, checkPath, type PathLike } from '@osx/errors';

import { inFormOf, toByteString, type PathOf } from './internal/byte-path.ts';

/**
 * The directory that is `levels` above a path. Of `/` it is `/`; above a relative path's beginning come `.`, `..`, `../..`.
 *
 * A `..` at the end of the path is never taken for a name: the parent of `a/..` is `a/../..`, which is right whatever `a` is.
 * `path.dirname('a/..')` is `a`.
 *
 * **Gotchas** Nothing is read. For a symbolic link it is the directory in which the link is, not that of its target.
 *
 * @param path Text or bytes; empty names and `.` at its end do not count.
 * @param levels 0 or more; default 1.
 * @returns A Buffer for a Buffer.
 * @throws {TypeError|RangeError} on a bad argument.
 *
 * @example
 * ```ts
 * import { parentDirectory } from '@osx/paths';
 *
 * console.log(parentDirectory('/srv/app/releases/7', 2)); // /srv/app
 * console.log(parentDirectory('file', 1), parentDirectory('file', 3)); // . ../..
 * ```
 */
export function parentDirectory<Path extends PathLike>(path: Path, levels = 1): PathOf<Path> {
  const asked = checkPath('path', path);
  checkInteger('levels', levels, { min: 0 });
  const bytes = toByteString(asked);
  const names = bytes.split('/').filter((name) => name !== '' && name !== '.');
  let left = levels;
  for (; left > 0 && names.length > 0 && names.at(-1) !== '..'; left -= 1) names.pop();
  const isAbsolute = bytes.startsWith('/');
  if (!(isAbsolute && names.length === 0)) for (; left > 0; left -= 1) names.push('..');
  const parent = `${isAbsolute ? '/' : ''}${names.join('/')}`;
  return inFormOf(asked, parent === '' ? '.' : parent, 'parentDirectory') as PathOf<Path>;
}
