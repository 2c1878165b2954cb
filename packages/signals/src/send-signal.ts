import { checkBoolean, checkOptions, invalidArgType, invalidArgValue, outOfRange } from '@osx/errors';

import { checkPid } from './internal/check-pid.ts';
import { kill } from './internal/kill.ts';
import { signalNumber } from './internal/signal-number.ts';

/** Who else than one process is meant, said on purpose. */
export interface SendSignalOptions {
  /** Lets pid 0 mean this process's own group, this process included. */
  readonly ownGroup?: boolean;
  /** Lets pid -1 mean every process that this one may signal, except itself and init. */
  readonly everyone?: boolean;
}

/**
 * Sends a signal to a process (`kill(2)`), real-time signals included.
 *
 * What kill(2) understands by 0 and -1, a whole group and everyone, takes an option of its own, so that a pid that was
 * computed wrongly signals nobody. Other process groups: `sendSignalToGroup`.
 *
 * **Platform** Linux, Darwin, FreeBSD.
 *
 * **Gotchas** A pid is a number that the kernel gives to another process when its owner is gone and waited for: pin what is
 * not your child (`openPidfd` of `@osx/linux/pidfd`, `pinPidfileOwner` of `@osx/pidfiles`). A zombie takes every signal and
 * does nothing. Standard signals coalesce, real-time signals queue.
 *
 * @param pid 1 or more; 0 with `ownGroup`, -1 with `everyone`.
 * @param signal Name or number, as `parseSignal` takes it; 0 sends nothing and only checks.
 * @throws {TypeError|RangeError} before any system call.
 * @throws {SystemError} ESRCH no such process; EPERM not ours to signal.
 * @example
 * ```ts
 * import { spawn } from 'node:child_process';
 * import { sendSignal } from '@osx/signals';
 *
 * const child = spawn('sleep', ['60']);
 * child.on('exit', (code, signal) => console.log(code, signal)); // null SIGTERM
 * if (child.pid !== undefined) sendSignal(child.pid, 'SIGTERM');
 * ```
 * @see https://man7.org/linux/man-pages/man2/kill.2.html
 */
export function sendSignal(pid: number, signal: number | string, options?: SendSignalOptions): void {
  const { ownGroup, everyone } = checkOptions('options', options);
  const isOwnGroup = ownGroup !== undefined && checkBoolean('options.ownGroup', ownGroup);
  const isEveryone = everyone !== undefined && checkBoolean('options.everyone', everyone);
  const target = checkTarget(pid, isOwnGroup, isEveryone);
  kill(target, signalNumber('signal', signal));
}

function checkTarget(pid: unknown, isOwnGroup: boolean, isEveryone: boolean): number {
  if (typeof pid !== 'number') throw invalidArgType('pid', 'of type number', pid);
  if (isOwnGroup && isEveryone)
    throw invalidArgValue('options', 'ownGroup or everyone, not both', { ownGroup: true, everyone: true });
  if (isOwnGroup && pid !== 0) throw outOfRange('pid', '0 with the option ownGroup', pid);
  if (isEveryone && pid !== -1) throw outOfRange('pid', '-1 with the option everyone', pid);
  if (isOwnGroup || isEveryone) return pid + 0;
  if (pid === 0) throw outOfRange('pid', '>= 1; 0 means the own process group only with the option ownGroup', pid);
  if (pid === -1) throw outOfRange('pid', '>= 1; -1 means everyone only with the option everyone', pid);
  if (pid < 0) throw outOfRange('pid', '>= 1; for a process group there is sendSignalToGroup', pid);
  return checkPid(pid);
}
