import * as constants from './constants.ts';

/** C name of a single bit of an inotify mask. */
export type InotifyMaskName = Exclude<keyof typeof constants, 'IN_CLOSE' | 'IN_MOVE' | 'IN_ALL_EVENTS'>;

/** The entries of a module are sorted by name. */
const SINGLE_BITS = (Object.entries(constants) as [InotifyMaskName, number][])
  .filter(([, bit]) => (bit & (bit - 1)) === 0)
  .toSorted(([, a], [, b]) => a - b);

/**
 * Lists the C names of the bits set in an inotify mask, in the order of their values; unknown bits are left out.
 *
 * **Platform** pure: works on every system.
 *
 * @param mask Mask of an event or of a watch.
 * @returns A new array, empty for 0.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { IN_CLOSE, inotifyMaskNames } from '@osx/linux/inotify';
 *
 * assert.deepEqual(inotifyMaskNames(IN_CLOSE), ['IN_CLOSE_WRITE', 'IN_CLOSE_NOWRITE']);
 * ```
 *
 * @see https://man7.org/linux/man-pages/man7/inotify.7.html
 */
export function inotifyMaskNames(mask: number): InotifyMaskName[] {
  return SINGLE_BITS.filter(([, bit]) => (mask & bit) !== 0).map(([name]) => name);
}
