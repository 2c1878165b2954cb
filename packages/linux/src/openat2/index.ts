/**
 * openat2(2): an open that cannot be led out of a directory.
 *
 * @module
 */
export { openat2 } from './openat2.ts';
export type { Openat2Options, ResolveRule } from './openat2.ts';
