/**
 * Paths that stay where they should: opening and resolving beneath a directory whoever swaps what, checked names from archives,
 * reversible mangled names, and the small verbs that Node lacks. Names are bytes: a Buffer in gives a Buffer out.
 *
 * @module
 */
export { checkArchiveName, isSafeArchiveName } from './check-archive-name.ts';
export type { ArchiveNameOptions } from './check-archive-name.ts';
export { commonPath } from './common-path.ts';
export type { BeneathOptions } from './internal/check-confined.ts';
export type { PathOf } from './internal/byte-path.ts';
export { isPathInDirectory } from './is-path-in-directory.ts';
export type { IsPathInDirectoryOptions } from './is-path-in-directory.ts';
export { manglePath } from './mangle-path.ts';
export { openBeneath, openBeneathSync } from './open-beneath.ts';
export type { OpenBeneathOptions } from './open-beneath.ts';
export { parentDirectory } from './parent-directory.ts';
export { relativeSymlink, relativeSymlinkSync } from './relative-symlink.ts';
export type { RelativeSymlinkOptions } from './relative-symlink.ts';
export { resolveBeneath, resolveBeneathSync } from './resolve-beneath.ts';
export { shadowedPath, shadowPath } from './shadow-path.ts';
export { touch, touchSync } from './touch.ts';
export type { TouchOptions, TouchTime } from './touch.ts';
export { unlinkIfExists, unlinkIfExistsSync } from './unlink-if-exists.ts';
export { unmanglePath } from './unmangle-path.ts';
