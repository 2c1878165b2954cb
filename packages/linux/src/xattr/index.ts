/**
 * xattr(7): extended attributes of files, by path (through a symlink or of the symlink itself) and by descriptor.
 *
 * @module
 */
export { getxattr } from './getxattr.ts';
export { listxattr } from './listxattr.ts';
export { removexattr } from './removexattr.ts';
export { setxattr } from './setxattr.ts';
export type { ListxattrOptions, SetxattrOptions, XattrOptions, XattrTarget } from './xattr-target.ts';
