import { checkInteger } from '@osx/errors';

import { prctl } from '../internal/prctl-calls.ts';
import { PR_GET_TIMERSLACK, PR_SET_TIMERSLACK } from '../internal/prctl-constants.ts';

const GET = { option: PR_GET_TIMERSLACK, feature: 'PR_GET_TIMERSLACK', requires: 'Linux 2.6.28' };
const SET = { option: PR_SET_TIMERSLACK, feature: 'PR_SET_TIMERSLACK', requires: 'Linux 2.6.28' };

/**
 * Reads by how many nanoseconds the kernel may delay the timeouts of the calling thread (`PR_GET_TIMERSLACK`).
 *
 * **Platform** Linux 2.6.28. Per thread.
 *
 * @returns Nanoseconds; 50,000 unless somebody changed it.
 * @throws {UnsupportedError} where a seccomp filter forbids prctl.
 *
 * @example
 * ```ts
 * import { getTimerSlack } from '@osx/linux/prctl';
 *
 * console.log(getTimerSlack() > 0); // true
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/PR_GET_TIMERSLACK.2const.html
 */
export function getTimerSlack(): number {
  return prctl(GET);
}

/**
 * Sets by how much the kernel may delay the timeouts of the calling thread, to let several expire at once
 * (`PR_SET_TIMERSLACK`): more saves wake-ups in a background process, less is more exact.
 *
 * **Platform** Linux 2.6.28. Per thread; children and Workers started afterwards have the value as their default.
 *
 * **Gotchas** It moves the event loop's wait (epoll_wait), and so `setTimeout`, which counts in milliseconds: exactness below
 * one needs a timerfd. Threads under a real-time policy have no slack, whatever is set.
 *
 * @param nanoseconds 1 or more; 0 goes back to the thread's default, the slack it was born with.
 * @throws {UnsupportedError} where a seccomp filter forbids prctl.
 *
 * @example
 * ```ts
 * import { getTimerSlack, setTimerSlack } from '@osx/linux/prctl';
 *
 * setTimerSlack(50_000_000); // 50 ms
 * console.log(getTimerSlack()); // 50000000
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/PR_SET_TIMERSLACK.2const.html
 */
export function setTimerSlack(nanoseconds: number): void {
  prctl(SET, checkInteger('nanoseconds', nanoseconds, { min: 0 }));
}
