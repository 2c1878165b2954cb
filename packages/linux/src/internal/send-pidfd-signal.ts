import { SystemError, UnsupportedError } from '@osx/errors';

import { EINVAL, ENOSYS } from './errno-numbers.ts';
import { pidfdSendSignal } from './pidfd-calls.ts';
import { PIDFD_SIGNAL_PROCESS_GROUP, PIDFD_SIGNAL_THREAD, PIDFD_SIGNAL_THREAD_GROUP } from './pidfd-constants.ts';

const SCOPE_FLAGS = {
  thread: PIDFD_SIGNAL_THREAD,
  process: PIDFD_SIGNAL_THREAD_GROUP,
  processGroup: PIDFD_SIGNAL_PROCESS_GROUP,
} as const;

export type SignalScope = keyof typeof SCOPE_FLAGS;

/** Sends a signal through a pidfd: it reaches that very task, or nobody. */
export function sendPidfdSignal(fd: number, signal: number, scope: SignalScope | undefined): void {
  const flags = scope === undefined ? 0 : SCOPE_FLAGS[scope];
  const result = pidfdSendSignal(fd, signal, null, flags);
  if (result >= 0) return;
  const syscall = 'pidfd_send_signal';
  if (result === -ENOSYS) throw new UnsupportedError({ feature: 'pidfd_send_signal', requires: 'Linux 5.1', syscall });
  // The signal was checked; before Linux 6.9 no flag is known.
  if (result === -EINVAL && flags !== 0) {
    throw new UnsupportedError({ feature: 'the scope of a signal', requires: 'Linux 6.9', syscall });
  }
  throw new SystemError({ errno: result, syscall });
}
