import { checkOneOf, checkOptions } from '@osx/errors';
import { checked } from '@osx/native-ffi';

import { checkTarget, defineFamily, readGrowing } from '../internal/xattr-calls.ts';
import type { ListxattrOptions, XattrTarget } from './xattr-target.ts';

const family = defineFamily('listxattr', ['pointer', 'size_t'], 'ssize_t');

/**
 * Lists the names of a file's extended attributes, with ACLs as `system.posix_acl_access` and `system.posix_acl_default`.
 *
 * **Platform** Linux; a file system without extended attributes says ENOTSUP, or an empty list.
 *
 * @param target Path, `Fd` or number.
 * @param options See {@link ListxattrOptions}.
 * @returns A new array in the kernel's order.
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
export function listxattr(target: XattrTarget, options: ListxattrOptions & { encoding: 'buffer' }): Buffer[];
export function listxattr(
  target: XattrTarget,
  options?: ListxattrOptions & { encoding?: 'utf8' | undefined },
): string[];
export function listxattr(target: XattrTarget, options?: ListxattrOptions): string[] | Buffer[] {
  const { kind, first, path } = checkTarget(target, options);
  const { encoding = 'utf8' } = checkOptions('options', options);
  checkOneOf('options.encoding', encoding, ['utf8', 'buffer']);
  const { call, syscall } = family[kind];
  const bytes = readGrowing((buffer) => call(first, buffer, buffer.length));
  if (typeof bytes === 'number') {
    checked(bytes, syscall, { path });
    return [];
  }
  const names = splitNames(bytes);
  return encoding === 'buffer' ? names : names.map(String);
}

/** Each name ends with a NUL. */
function splitNames(bytes: Buffer): Buffer[] {
  const names: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0, start);
    names.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return names;
}
