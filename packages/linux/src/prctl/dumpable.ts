import { checkBoolean } from '@osx/errors';

import { prctl } from '../internal/prctl-calls.ts';
import { PR_GET_DUMPABLE, PR_SET_DUMPABLE } from '../internal/prctl-constants.ts';

const GET = { option: PR_GET_DUMPABLE, feature: 'PR_GET_DUMPABLE', requires: 'Linux 2.3.20' };
const SET = { option: PR_SET_DUMPABLE, feature: 'PR_SET_DUMPABLE', requires: 'Linux 2.3.20' };

/**
 * Who may have the process's core dump, and look into it: SUID_DUMP_DISABLE (`nobody`), SUID_DUMP_USER (`owner`), SUID_DUMP_ROOT
 * (`root`).
 */
export type Dumpable = 'nobody' | 'owner' | 'root';

const NAMES: readonly Dumpable[] = ['nobody', 'owner', 'root'];

/**
 * Reads whether the process can be dumped and traced (`PR_GET_DUMPABLE`).
 *
 * **Platform** Linux 2.3.20. Of the whole process (of its memory), whichever thread asks.
 *
 * @returns `owner` as a rule; after a set-id exec or a change of ids what `fs.suid_dumpable` says.
 * @throws {UnsupportedError} where a seccomp filter forbids prctl.
 *
 * @example
 * ```ts
 * import { getDumpable } from '@osx/linux/prctl';
 *
 * console.log(['owner', 'nobody', 'root'].includes(getDumpable())); // true
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/PR_GET_DUMPABLE.2const.html
 */
export function getDumpable(): Dumpable {
  return NAMES[prctl(GET)] as Dumpable;
}

/**
 * Sets whether the process can be dumped, traced and looked into (`PR_SET_DUMPABLE`): `false` for a process that holds
 * secrets.
 *
 * **Platform** Linux 2.3.20. For the whole process, whichever thread calls.
 *
 * **Gotchas** `false` gives the files in `/proc/PID` to root: other processes of the same user cannot read `environ`, `fd`
 * or `maps` any more, and `/proc/PID/fd/N` cannot be opened. It is back to `true` after an exec.
 *
 * @throws {UnsupportedError} where a seccomp filter forbids prctl.
 *
 * @example
 * ```ts
 * import { getDumpable, setDumpable } from '@osx/linux/prctl';
 *
 * setDumpable(false);
 * console.log(getDumpable()); // nobody
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/PR_SET_DUMPABLE.2const.html
 */
export function setDumpable(on: boolean): void {
  prctl(SET, checkBoolean('on', on) ? 1 : 0);
}
