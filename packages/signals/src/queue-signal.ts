import { checkInteger, UnsupportedError } from '@osx/errors';
import { checked } from '@osx/native-ffi';

import { checkPid } from './internal/check-pid.ts';
import { signalNumber } from './internal/signal-number.ts';
import { sigqueue } from './internal/signal-calls.ts';

/**
 * Sends a signal with a number (`sigqueue(3)`, rt_sigqueueinfo(2)), which a receiver with `SA_SIGINFO`, sigwaitinfo(2) or
 * signalfd(2) reads as `si_value.sival_int`.
 *
 * Real-time signals queue: each call is one delivery with its value, in order. Standard signals do not: of several that
 * wait, the first value stays.
 *
 * **Platform** Linux. Not Darwin, which has no sigqueue.
 *
 * **Gotchas** Node itself shows no values, and reads none. As with `sendSignal`, a pid may have gone to another process.
 *
 * @param pid 1 or more.
 * @param signal Name or number, as `parseSignal` takes it; 0 sends nothing and only checks.
 * @param value A 32-bit integer, negative ones included.
 * @throws {TypeError|RangeError} before any system call.
 * @throws {SystemError} EAGAIN: as many signals wait for the receiver's user as the receiver's RLIMIT_SIGPENDING
 * allows; ESRCH; EPERM.
 * @throws {UnsupportedError} `ENOTSUP` on Darwin.
 * @example
 * ```ts
 * import { queueSignal } from '@osx/signals';
 *
 * const keepAlive = setTimeout(() => {}, 10_000);
 * process.once('SIGUSR2', () => clearTimeout(keepAlive)); // it came; a receiver in C reads -1 with it
 * queueSignal(process.pid, 'SIGUSR2', -1);
 * ```
 * @see https://man7.org/linux/man-pages/man3/sigqueue.3.html
 */
export function queueSignal(pid: number, signal: number | string, value: number): void {
  const target = checkPid(pid);
  const number = signalNumber('signal', signal);
  const data = checkInteger('value', value, { min: -(2 ** 31), max: 2 ** 31 - 1 });
  if (process.platform === 'darwin') {
    throw new UnsupportedError({ feature: 'signals with values', requires: 'Linux or FreeBSD', syscall: 'sigqueue' });
  }
  checked(sigqueue(target, number, data >>> 0), 'sigqueue');
}
