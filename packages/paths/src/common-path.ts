import { checkPath, invalidArgType, invalidArgValue, type PathLike } from '@osx/errors';

import { inFormOf, lexicalNames, toByteString, type PathOf } from './internal/byte-path.ts';

/**
 * The longest path that all of the paths begin with, name by name: of `/usr/lib` and `/usr/libexec` it is `/usr`.
 *
 * Of relative paths that share nothing it is `.`, or as many `..` as the one that climbs highest.
 *
 * **Gotchas** Nothing is read: `..` takes off the name before it, which is wrong where that is a symbolic link.
 *
 * @param paths At least one; all absolute or all relative.
 * @returns A Buffer if one of them is.
 * @throws {TypeError} when there is none, on a bad path, and on absolute and relative ones together.
 *
 * @example
 * ```ts
 * import { commonPath } from '@osx/paths';
 *
 * console.log(commonPath(['/srv/app/bin/run', '/srv/app/lib', '/srv/app-old'])); // /srv
 * console.log(commonPath(['src/a.ts', 'test/a.ts'])); // .
 * ```
 */
export function commonPath<Path extends PathLike>(paths: readonly Path[]): PathOf<Path> {
  if (!Array.isArray(paths)) throw invalidArgType('paths', 'an array of paths', paths);
  const asked = paths.map((path, index) => checkPath(`paths[${index}]`, path));
  const [first] = asked;
  if (first === undefined) throw invalidArgValue('paths', 'at least one path', paths);
  const all = asked.map(toByteString);
  const isAbsolute = all[0]?.startsWith('/') === true;
  if (all.some((bytes) => bytes.startsWith('/') !== isAbsolute)) {
    throw invalidArgValue('paths', 'all absolute or all relative', paths);
  }
  const form = asked.find((path) => typeof path !== 'string') ?? first;
  const common = all.map(lexicalNames).reduce(shared);
  const bytes = `${isAbsolute ? '/' : ''}${common.join('/')}`;
  return inFormOf(form, bytes === '' ? '.' : bytes, 'commonPath') as PathOf<Path>;
}

function shared(one: string[], other: string[]): string[] {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  // Where one goes on climbing, the other's names are below that.
  const climbing = [one, other].find((names) => names[length] === '..');
  if (climbing === undefined) return one.slice(0, length);
  return climbing.slice(0, climbing.lastIndexOf('..') + 1);
}
