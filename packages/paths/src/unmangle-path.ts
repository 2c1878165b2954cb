import { checkPath, invalidArgValue, type PathLike } from '@osx/errors';

import { inFormOf, toByteString, type PathOf } from './internal/byte-path.ts';
import { NAME_MAX, unmangled } from './internal/mangled-name.ts';

/**
 * The path that {@link manglePath} made a name of.
 *
 * Every other name is refused, so that no two names give the same path.
 *
 * @param name One name, without directories.
 * @returns A Buffer for a Buffer.
 * @throws {TypeError} for what manglePath never makes.
 * @throws {SystemError} `EILSEQ` when the path is not UTF-8 and the name was given as text.
 *
 * @example
 * ```ts
 * import { unmanglePath } from '@osx/paths';
 *
 * console.log(unmanglePath('+etc+hosts')); // /etc/hosts
 * console.log(unmanglePath(Buffer.from('caf%E9'))); // <Buffer 63 61 66 e9>
 * ```
 */
export function unmanglePath<Name extends PathLike>(name: Name): PathOf<Name> {
  const asked = checkPath('name', name);
  const bytes = toByteString(asked);
  const path = bytes.length > NAME_MAX ? undefined : unmangled(bytes);
  if (path === undefined) throw invalidArgValue('name', 'a name that manglePath makes', asked);
  return inFormOf(asked, path, 'unmanglePath') as PathOf<Name>;
}
