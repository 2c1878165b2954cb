import { prctl } from '../internal/prctl-calls.ts';
import { PR_GET_NO_NEW_PRIVS, PR_SET_NO_NEW_PRIVS } from '../internal/prctl-constants.ts';

const GET = { option: PR_GET_NO_NEW_PRIVS, feature: 'PR_GET_NO_NEW_PRIVS', requires: 'Linux 3.5' };
const SET = { option: PR_SET_NO_NEW_PRIVS, feature: 'PR_SET_NO_NEW_PRIVS', requires: 'Linux 3.5' };

/**
 * Reads whether an exec by the calling thread can give privileges (`PR_GET_NO_NEW_PRIVS`).
 *
 * **Platform** Linux 3.5. Per thread.
 *
 * @throws {UnsupportedError} before Linux 3.5.
 *
 * @example
 * ```ts
 * import { getNoNewPrivs } from '@osx/linux/prctl';
 *
 * console.log(typeof getNoNewPrivs()); // boolean
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/PR_GET_NO_NEW_PRIVS.2const.html
 */
export function getNoNewPrivs(): boolean {
  return prctl(GET) === 1;
}

/**
 * Gives up, for good, all privileges that an exec could bring (`PR_SET_NO_NEW_PRIVS`): set-id bits and file capabilities
 * of what is executed count no more, for the calling thread and for all that it starts from now on.
 *
 * **Platform** Linux 3.5. Per thread: children of `node:child_process` inherit it from the thread that spawns them. Called on
 * the main thread it holds for children and Workers started there afterwards, not for threads that run already.
 *
 * **Gotchas** There is no way back: `sudo`, `su`, `ping` with capabilities and the like stop working below this process.
 *
 * @throws {UnsupportedError} before Linux 3.5.
 *
 * @example
 * ```ts
 * import { spawnSync } from 'node:child_process';
 * import { setNoNewPrivs } from '@osx/linux/prctl';
 *
 * setNoNewPrivs();
 * const { stdout } = spawnSync('grep', ['NoNewPrivs', '/proc/self/status']);
 * console.log(stdout.toString().trim()); // NoNewPrivs:	1
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/PR_SET_NO_NEW_PRIVS.2const.html
 */
export function setNoNewPrivs(): void {
  prctl(SET, 1);
}
