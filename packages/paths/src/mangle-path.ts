import { checkPath, invalidArgValue, SystemError, type PathLike } from '@osx/errors';

import { inFormOf, toByteString, type PathOf } from './internal/byte-path.ts';
import { mangled, NAME_MAX } from './internal/mangled-name.ts';

/**
 * A path as one file name, from which {@link unmanglePath} makes the same path again, byte by byte.
 *
 * `/` becomes `+`; letters, digits, `.`, `-` and `_` stay; every other byte becomes `%` and two hexadecimal digits. So do
 * a `.` or `-` at the beginning, a `.` at the end, and the first letter of a name that Windows keeps for a device: the name is
 * legal on every file system, is not hidden, and is no option of a command.
 *
 * Two different paths never have the same name. Different spellings of one place (`a//b`, `a/./b`) are different paths.
 *
 * **Gotchas** Where the file system ignores case (macOS, Windows), names of paths that differ by case alone meet.
 *
 * @param path Text or bytes. Text with lone surrogates is refused: it has no bytes of its own.
 * @returns At most 255 bytes of ASCII; a Buffer for a Buffer.
 * @throws {TypeError} on a bad argument.
 * @throws {SystemError} `ENAMETOOLONG` when the name would be longer.
 *
 * @example
 * ```ts
 * import { manglePath, unmanglePath } from '@osx/paths';
 *
 * const name = manglePath('/srv/my_app/50% off');
 * console.log(name); // +srv+my_app+50%25%20off
 * console.log(unmanglePath(name)); // /srv/my_app/50% off
 * ```
 */
export function manglePath<Path extends PathLike>(path: Path): PathOf<Path> {
  const asked = checkPath('path', path);
  if (typeof asked === 'string' && !asked.isWellFormed()) {
    throw invalidArgValue('path', 'text without lone surrogates', asked);
  }
  const name = mangled(toByteString(asked));
  if (name.length > NAME_MAX) {
    const message = `the mangled name has ${name.length} bytes, and a file name at most ${NAME_MAX}`;
    throw new SystemError({ code: 'ENAMETOOLONG', syscall: 'manglePath', path: asked, message });
  }
  return inFormOf(asked, name, 'manglePath') as PathOf<Path>;
}
