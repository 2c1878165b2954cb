import { checked } from '@osx/native-ffi';

import { ENODATA } from '../internal/errno-numbers.ts';
import { checkName, checkTarget, defineFamily, readGrowing } from '../internal/xattr-calls.ts';
import type { XattrOptions, XattrTarget } from './xattr-target.ts';

const family = defineFamily('getxattr', ['pointer', 'pointer', 'size_t'], 'ssize_t');

/**
 * Reads an extended attribute, or `null` when the file has none of that name.
 *
 * **Platform** Linux; the file system must have extended attributes (ENOTSUP).
 *
 * **Gotchas** `trusted.*` needs CAP_SYS_ADMIN and looks absent without it; `user.*` needs read permission, and exists on
 * regular files and directories only.
 *
 * @param target Path, `Fd` or number.
 * @param name With its namespace, `user.comment`; at most 255 bytes.
 * @returns A new Buffer; empty for an attribute without a value.
 * @throws {SystemError} ENOENT, EACCES, ENOTSUP, EBADF.
 *
 * @example
 * ```ts
 * import { getxattr } from '@osx/linux/xattr';
 *
 * console.log(getxattr('.', 'user.comment')); // null
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/getxattr.2.html
 */
export function getxattr(target: XattrTarget, name: string | Buffer, options?: XattrOptions): Buffer | null {
  const { kind, first, path } = checkTarget(target, options);
  const attribute = checkName(name);
  const { call, syscall } = family[kind];
  const value = readGrowing((bytes) => call(first, attribute, bytes, bytes.length));
  if (typeof value !== 'number') return value;
  if (value === -ENODATA) return null;
  checked(value, syscall, { path });
  return null;
}
