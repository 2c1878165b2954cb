import { checkOneOf, toBytes } from '@osx/errors';
import { checked } from '@osx/native-ffi';

import { checkName, checkTarget, defineFamily } from '../internal/xattr-calls.ts';
import { XATTR_FLAGS } from '../internal/xattr-constants.ts';
import type { SetxattrOptions, XattrTarget } from './xattr-target.ts';

const family = defineFamily('setxattr', ['pointer', 'pointer', 'size_t', 'int'], 'int');

/**
 * Sets an extended attribute of a file.
 *
 * **Platform** Linux; the file system must have extended attributes (ENOTSUP).
 *
 * @param target Path, `Fd` or number.
 * @param name With its namespace, `user.comment`; at most 255 bytes.
 * @param value At most 65,536 bytes; file systems allow less (ext4 about one block for all).
 * @throws {SystemError} EEXIST, ENODATA, ENOSPC, E2BIG, EPERM, EACCES, ENOTSUP, ENOENT, EBADF.
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { getxattr, setxattr } from '@osx/linux/xattr';
 *
 * writeFileSync('note', '');
 * setxattr('note', 'user.comment', 'kept beside the content');
 * console.log(getxattr('note', 'user.comment')?.toString()); // kept beside the content
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/setxattr.2.html
 */
export function setxattr(
  target: XattrTarget,
  name: string | Buffer,
  value: string | ArrayBufferView | ArrayBuffer,
  options?: SetxattrOptions,
): void {
  const { kind, first, path } = checkTarget(target, options);
  const attribute = checkName(name);
  const bytes = toBytes('value', value);
  const flags = XATTR_FLAGS[checkOneOf('options.only', options?.only, ['create', 'replace', undefined]) ?? 'either'];
  const { call, syscall } = family[kind];
  checked(call(first, attribute, bytes, bytes.length, flags), syscall, { path });
}
