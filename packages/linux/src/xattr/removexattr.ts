import { checked } from '@osx/native-ffi';

import { checkName, checkTarget, defineFamily } from '../internal/xattr-calls.ts';
import type { XattrOptions, XattrTarget } from './xattr-target.ts';

const family = defineFamily('removexattr', ['pointer'], 'int');

/**
 * Removes an extended attribute of a file.
 *
 * **Platform** Linux; the file system must have extended attributes (ENOTSUP).
 *
 * @param target Path, `Fd` or number.
 * @param name With its namespace, `user.comment`.
 * @throws {SystemError} ENODATA when there is none of that name; EPERM, EACCES, ENOTSUP, ENOENT, EBADF.
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { listxattr, removexattr, setxattr } from '@osx/linux/xattr';
 *
 * writeFileSync('note', '');
 * setxattr('note', 'user.comment', 'x');
 * removexattr('note', 'user.comment');
 * console.log(listxattr('note').includes('user.comment')); // false
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/removexattr.2.html
 */
export function removexattr(target: XattrTarget, name: string | Buffer, options?: XattrOptions): void {
  const { kind, first, path } = checkTarget(target, options);
  const { call, syscall } = family[kind];
  checked(call(first, checkName(name)), syscall, { path });
}
