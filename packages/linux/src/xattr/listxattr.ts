import { checked } from '@osx/native-ffi';

import { checkTarget, defineFamily, readGrowing } from '../internal/xattr-calls.ts';
import type { XattrOptions, XattrTarget } from './xattr-target.ts';

const family = defineFamily('listxattr', ['pointer', 'size_t'], 'ssize_t');

/**
 * Lists the names of a file's extended attributes, with ACLs as `system.posix_acl_access` and `system.posix_acl_default`.
 *
 * **Platform** Linux; a file system without extended attributes says ENOTSUP, or an empty list.
 *
 * @param target Path, `Fd` or number.
 * @returns A new array in the kernel's order; bytes that are not UTF-8 appear as U+FFFD.
 * @throws {SystemError} ENOENT, EACCES, ENOTSUP, EBADF; E2BIG for more than 65,536 bytes of names.
 *
 * @example
 * ```ts
 * import { listxattr } from '@osx/linux/xattr';
 *
 * console.log(listxattr('.').includes('user.comment')); // false
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/listxattr.2.html
 */
export function listxattr(target: XattrTarget, options?: XattrOptions): string[] {
  const { kind, first, path } = checkTarget(target, options);
  const { call, syscall } = family[kind];
  const names = readGrowing((bytes) => call(first, bytes, bytes.length));
  if (typeof names !== 'number')
    return names.length === 0 ? [] : names.toString('utf8', 0, names.length - 1).split('\0');
  checked(names, syscall, { path });
  return [];
}
