import { checkBoolean } from '@osx/errors';

import { prctl } from '../internal/prctl-calls.ts';
import { PR_GET_KEEPCAPS, PR_SET_KEEPCAPS } from '../internal/prctl-constants.ts';

const GET = { option: PR_GET_KEEPCAPS, feature: 'PR_GET_KEEPCAPS', requires: 'Linux 2.2.18' };
const SET = { option: PR_SET_KEEPCAPS, feature: 'PR_SET_KEEPCAPS', requires: 'Linux 2.2.18' };

/**
 * Reads whether the calling thread keeps its permitted capabilities when it stops being root (`PR_GET_KEEPCAPS`).
 *
 * **Platform** Linux 2.2.18. Per thread.
 *
 * @throws {UnsupportedError} where a seccomp filter forbids prctl.
 *
 * @example
 * ```ts
 * import { getKeepCapabilities } from '@osx/linux/prctl';
 *
 * console.log(getKeepCapabilities()); // false
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/PR_GET_KEEPCAPS.2const.html
 */
export function getKeepCapabilities(): boolean {
  return prctl(GET) === 1;
}

/**
 * Sets whether the calling thread keeps its permitted capabilities when all its user ids stop being 0 (`PR_SET_KEEPCAPS`).
 *
 * **Platform** Linux 2.2.18. Per thread, while `process.setuid` acts on all threads: the others lose theirs.
 *
 * **Gotchas** Only the permitted set is kept; the effective one is emptied all the same. Cleared by every exec.
 *
 * @throws {SystemError} EPERM where SECBIT_KEEP_CAPS_LOCKED is set.
 * @throws {UnsupportedError} where a seccomp filter forbids prctl.
 *
 * @example
 * ```ts
 * import { getKeepCapabilities, setKeepCapabilities } from '@osx/linux/prctl';
 *
 * setKeepCapabilities(true);
 * console.log(getKeepCapabilities()); // true
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/PR_SET_KEEPCAPS.2const.html
 */
export function setKeepCapabilities(on: boolean): void {
  prctl(SET, checkBoolean('on', on) ? 1 : 0);
}
