import { checkInteger, checkOptions, SystemError, UnsupportedError } from '@osx/errors';

import { prctl, prctlInt } from '../internal/prctl-calls.ts';
import { PR_GET_PDEATHSIG, PR_SET_PDEATHSIG } from '../internal/prctl-constants.ts';
import { signalName, signalNumber } from '../internal/signal-number.ts';

const GET = { option: PR_GET_PDEATHSIG, feature: 'PR_GET_PDEATHSIG', requires: 'Linux 2.3.15' };
const SET = { option: PR_SET_PDEATHSIG, feature: 'PR_SET_PDEATHSIG', requires: 'Linux 2.1.57' };

/** Options of {@link setParentDeathSignal}. */
export interface ParentDeathSignalOptions {
  /**
   * The pid that the parent must still have when the signal is armed: a parent that died before never sends it. 0 is
   * legal (the parent is in another pid namespace), and 1.
   */
  parentPid?: number | undefined;
}

/**
 * Reads which signal this process gets when its parent dies (`PR_GET_PDEATHSIG`).
 *
 * **Platform** Linux 2.3.15. Main thread only: it is an attribute of the thread, and a Worker's says nothing of the process.
 *
 * @returns The name, `SIGTERM`; null when none is set.
 * @throws {UnsupportedError} in a Worker.
 *
 * @example
 * ```ts
 * import { getParentDeathSignal, setParentDeathSignal } from '@osx/linux/prctl';
 *
 * setParentDeathSignal('SIGTERM', { parentPid: process.ppid });
 * console.log(getParentDeathSignal()); // SIGTERM
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/PR_GET_PDEATHSIG.2const.html
 */
export function getParentDeathSignal(): string | null {
  refuseInWorker(GET.feature);
  const number = prctlInt(GET);
  return number === 0 ? null : signalName(number);
}

/**
 * Has the kernel send this process a signal when its parent dies (`PR_SET_PDEATHSIG`).
 *
 * **Platform** Linux 2.1.57. Main thread only: the setting belongs to the calling thread and goes with it, so in a Worker it
 * would be lost without a word when the Worker ends.
 *
 * **Gotchas**
 * - The parent is the **thread** that started this process: a child that a Worker spawned gets the signal at
 *   `worker.terminate()`, while the parent process lives on.
 * - A parent that is dead already never sends it. Give `parentPid`, as the parent told it; it is compared after arming.
 * - The kernel clears it when the process changes its effective or file system ids, and at an exec of a set-id program or
 *   one with file capabilities. It is kept over any other exec, and not inherited by children.
 * - With `sh -c` or `npm` in between, that one is the parent.
 *
 * @param signal Name or number; null takes it off.
 * @param options See {@link ParentDeathSignalOptions}.
 * @throws {SystemError} ESRCH: the parent is not `parentPid` (any more); the signal is set off again.
 * @throws {UnsupportedError} in a Worker.
 *
 * @example
 * ```ts
 * import { getParentDeathSignal, setParentDeathSignal } from '@osx/linux/prctl';
 *
 * setParentDeathSignal('SIGKILL', { parentPid: process.ppid });
 * setParentDeathSignal(null);
 * console.log(getParentDeathSignal()); // null
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
 */
export function setParentDeathSignal(signal: number | string | null, options?: ParentDeathSignalOptions): void {
  const number = signal === null ? 0 : signalNumber(signal);
  const { parentPid } = checkOptions('options', options);
  if (parentPid !== undefined) checkInteger('options.parentPid', parentPid, { min: 0, max: 2 ** 31 - 1 });
  refuseInWorker(SET.feature);
  prctl(SET, number);
  if (parentPid === undefined || process.ppid === parentPid) return;
  prctl(SET, 0);
  const message = `the parent is not ${parentPid} any more, but ${process.ppid}`;
  throw new SystemError({ code: 'ESRCH', syscall: 'prctl', message });
}

function refuseInWorker(feature: string): void {
  const { isMainThread } = process.getBuiltinModule('node:worker_threads');
  if (isMainThread) return;
  throw new UnsupportedError({
    feature: `${feature} in a Worker`,
    requires: 'the main thread: the setting belongs to a thread, and ends with it',
    syscall: 'prctl',
  });
}
