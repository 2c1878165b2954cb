import { checkBoolean } from '@osx/errors';

import { prctl, prctlInt } from '../internal/prctl-calls.ts';
import { PR_GET_CHILD_SUBREAPER, PR_SET_CHILD_SUBREAPER } from '../internal/prctl-constants.ts';

const GET = { option: PR_GET_CHILD_SUBREAPER, feature: 'PR_GET_CHILD_SUBREAPER', requires: 'Linux 3.4' };
const SET = { option: PR_SET_CHILD_SUBREAPER, feature: 'PR_SET_CHILD_SUBREAPER', requires: 'Linux 3.4' };

/**
 * Reads whether orphaned descendants become children of this process (`PR_GET_CHILD_SUBREAPER`).
 *
 * **Platform** Linux 3.4. Of the whole process.
 *
 * @throws {UnsupportedError} before Linux 3.4.
 *
 * @example
 * ```ts
 * import { getChildSubreaper } from '@osx/linux/prctl';
 *
 * console.log(getChildSubreaper()); // false
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/PR_GET_CHILD_SUBREAPER.2const.html
 */
export function getChildSubreaper(): boolean {
  return prctlInt(GET) !== 0;
}

/**
 * Makes this process the one that orphaned descendants fall to, in place of init (`PR_SET_CHILD_SUBREAPER`): what a
 * supervisor needs so that nothing it started gets out of its sight.
 *
 * **Platform** Linux 3.4. For the whole process; kept over an exec, not inherited by children.
 *
 * **Gotchas** Node reaps only what it spawned itself: an adopted process that ends stays a zombie until you reap it
 * (`openPidfd(pid).reap()` of `@osx/linux/pidfd`).
 *
 * @throws {UnsupportedError} before Linux 3.4.
 *
 * @example
 * ```ts
 * import { getChildSubreaper, setChildSubreaper } from '@osx/linux/prctl';
 *
 * setChildSubreaper(true);
 * console.log(getChildSubreaper()); // true
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html
 */
export function setChildSubreaper(on: boolean): void {
  prctl(SET, checkBoolean('on', on) ? 1 : 0);
}
