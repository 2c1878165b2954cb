import * as constants from './constants.ts';

/** C name of a single bit of an epoll mask. */
export type EpollEventName = keyof typeof constants;

/** The entries of a module are sorted by name. */
const BITS = (Object.entries(constants) as [EpollEventName, number][]).toSorted(([, a], [, b]) => a - b);

/**
 * Lists the C names of the bits set in an epoll mask, in the order of their values; unknown bits are left out.
 *
 * **Platform** pure: works on every system.
 *
 * @param events Mask of an event or of a registration.
 * @returns A new array, empty for 0.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { EPOLLET, EPOLLIN, epollEventNames } from '@osx/linux/epoll';
 *
 * assert.deepEqual(epollEventNames(EPOLLIN | EPOLLET), ['EPOLLIN', 'EPOLLET']);
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/epoll_ctl.2.html
 */
export function epollEventNames(events: number): EpollEventName[] {
  return BITS.filter(([, bit]) => (events & bit) !== 0).map(([name]) => name);
}
