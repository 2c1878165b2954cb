/**
 * Open modes and permissions: parsed, written, applied as chmod(1) does; the umask without a race; and chmod of a tree
 * that follows no link.
 *
 * @module
 */
export { chmodTree } from './chmod-tree.ts';
export type { ChmodChange, ChmodTreeOptions, ChmodTreeResult } from './chmod-tree.ts';
export { FileMode } from './file-mode.ts';
export type { FileModeTraits, OpenLanguage } from './file-mode.ts';
export { formatPermissions } from './format-permissions.ts';
export type { FileType, FormatPermissionsOptions } from './format-permissions.ts';
export { parsePermissions } from './parse-permissions.ts';
export type { ParsePermissionsOptions, PermissionSyntax } from './parse-permissions.ts';
export { readUmask } from './read-umask.ts';
export { withUmask } from './with-umask.ts';
