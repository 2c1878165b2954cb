import { hasCode } from '@osx/errors';

import type { Backend } from '../select-backend.ts';
import type { FilePath } from './file-path.ts';

// <linux/posix_acl.h>, <linux/posix_acl_xattr.h>
const HEADER_BYTES = 4;
const ENTRY_BYTES = 8;
const ACL_USER_OBJ = 0x01;
const ACL_GROUP_OBJ = 0x04;
const ACL_MASK = 0x10;
const ACL_OTHER = 0x20;

/**
 * The permission bits that a new file has where the directory has a default ACL, which then stands in for the umask;
 * undefined where it has none, or where this cannot be asked.
 *
 * @param base What the creator asks for, 0666.
 * @see https://man7.org/linux/man-pages/man5/acl.5.html OBJECT CREATION AND DEFAULT ACLs
 */
export function newFileMode(backend: Backend | undefined, directory: FilePath, base: number): number | undefined {
  if (backend === undefined) return undefined;
  try {
    const acl = backend.getxattr(directory, 'system.posix_acl_default');
    return acl === null ? undefined : base & modeOfAcl(acl);
  } catch (error) {
    if (hasCode(error, ['ENOTSUP', 'EACCES', 'EPERM', 'ENOENT'])) return undefined;
    throw error;
  }
}

/** The mode bits of an ACL: owner, mask (or the group, where there is no mask), others. */
export function modeOfAcl(acl: Buffer): number {
  const permissions = new Map<number, number>();
  for (let at = HEADER_BYTES; at + ENTRY_BYTES <= acl.length; at += ENTRY_BYTES) {
    permissions.set(acl.readUInt16LE(at), acl.readUInt16LE(at + 2) & 7);
  }
  const group = permissions.get(ACL_MASK) ?? permissions.get(ACL_GROUP_OBJ) ?? 0;
  return ((permissions.get(ACL_USER_OBJ) ?? 0) << 6) | (group << 3) | (permissions.get(ACL_OTHER) ?? 0);
}
