import { checkPath, invalidArgValue, type PathLike } from '@osx/errors';

import { absolute, inFormOf, lexicalNames, toByteString, type PathOf } from './internal/byte-path.ts';
import { manglePath } from './mangle-path.ts';
import { unmanglePath } from './unmangle-path.ts';

/**
 * Where, in a directory of shadows, the shadow of a file is: its state, its lock, its copy, kept elsewhere. Each absolute path has
 * one name there, and no other path has the same.
 *
 * **Gotchas** Nothing is read or made: `..` takes off the name before it, and two links to one file have two shadows; give
 * `realpath`'s answer where they should have one.
 *
 * @param root The directory of shadows.
 * @param path The file; a relative path starts at the current directory.
 * @returns `root`, a slash, and the mangled absolute path; a Buffer if one of them is.
 * @throws {TypeError} on a bad argument.
 * @throws {SystemError} `ENAMETOOLONG` as {@link manglePath}.
 *
 * @example
 * ```ts
 * import { shadowedPath, shadowPath } from '@osx/paths';
 *
 * const shadow = shadowPath('/var/lib/backup', '/etc/ssh/../hosts');
 * console.log(shadow); // /var/lib/backup/+etc+hosts
 * console.log(shadowedPath('/var/lib/backup', shadow)); // /etc/hosts
 * ```
 */
export function shadowPath<Path extends PathLike>(root: Path, path: Path): PathOf<Path> {
  const directory = checkPath('root', root);
  const asked = checkPath('path', path);
  const plain = `/${lexicalNames(absolute(toByteString(asked))).join('/')}`;
  const name = manglePath(inFormOf(asked, plain, 'shadowPath'));
  const form = typeof asked === 'string' ? directory : asked;
  return inFormOf(form, `${withSlash(directory)}${toByteString(name)}`, 'shadowPath') as PathOf<Path>;
}

/**
 * The path whose shadow this is.
 *
 * @param root The same directory, in the same spelling.
 * @param shadow A path that {@link shadowPath} made.
 * @returns An absolute path; a Buffer for a Buffer.
 * @throws {TypeError} for what shadowPath never makes with this root.
 * @throws {SystemError} `EILSEQ` as {@link unmanglePath}.
 */
export function shadowedPath<Path extends PathLike>(root: PathLike, shadow: Path): PathOf<Path> {
  const directory = withSlash(checkPath('root', root));
  const asked = checkPath('shadow', shadow);
  const bytes = toByteString(asked);
  const name = bytes.startsWith(directory) ? bytes.slice(directory.length) : '';
  if (!name.startsWith('+')) throw invalidArgValue('shadow', 'a path that shadowPath makes with this root', asked);
  return unmanglePath(inFormOf(asked, name, 'shadowedPath')) as PathOf<Path>;
}

function withSlash(directory: string | Buffer): string {
  const bytes = toByteString(directory);
  return bytes.endsWith('/') ? bytes : `${bytes}/`;
}
