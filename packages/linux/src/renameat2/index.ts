/**
 * renameat2(2): a rename that refuses to replace, and one that exchanges two names.
 *
 * @module
 */
export { renameat2 } from './renameat2.ts';
export type { Renameat2Options } from './renameat2.ts';
