import { checkInteger } from '@osx/errors';

import { kill } from './internal/kill.ts';
import { signalNumber } from './internal/signal-number.ts';

/**
 * Sends a signal to every process of a group (`kill(2)` with the negative number, `killpg(3)`).
 *
 * It succeeds when at least one process got it. A child spawned with `detached: true` leads a group of its pid's number.
 *
 * **Platform** Linux, Darwin, FreeBSD.
 *
 * **Gotchas** Group 1 is refused: kill(2) would take its negative for everyone. The own group is
 * `sendSignal(0, signal, { ownGroup: true })`.
 *
 * @param groupId 2 or more: the positive number of the group.
 * @param signal Name or number, as `parseSignal` takes it; 0 sends nothing and only checks.
 * @throws {TypeError|RangeError} before any system call.
 * @throws {SystemError} ESRCH no such group; EPERM none of its processes is ours to signal.
 * @example
 * ```ts
 * import { spawn } from 'node:child_process';
 * import { sendSignalToGroup } from '@osx/signals';
 *
 * const child = spawn('sh', ['-c', 'sleep 60; true'], { detached: true });
 * child.on('exit', (code, signal) => console.log(code, signal)); // null SIGTERM, and the sleep is gone too
 * if (child.pid !== undefined) sendSignalToGroup(child.pid, 'SIGTERM');
 * ```
 * @see https://man7.org/linux/man-pages/man3/killpg.3.html
 */
export function sendSignalToGroup(groupId: number, signal: number | string): void {
  const group = checkInteger('groupId', groupId, { min: 2, max: 2 ** 31 - 1 });
  kill(-group, signalNumber('signal', signal));
}
