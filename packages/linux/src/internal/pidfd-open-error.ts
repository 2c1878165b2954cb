import { SystemError, UnsupportedError } from '@osx/errors';

import { EINVAL, ENOENT, ENOSYS, ESRCH } from './errno-numbers.ts';

const syscall = 'pidfd_open';

/** The error of a failed pidfd_open(pid, isThread ? PIDFD_THREAD : 0). */
export function pidfdOpenError(errno: number, pid: number, isThread: boolean): SystemError {
  if (errno === -ENOSYS) return new UnsupportedError({ feature: 'pidfd_open', requires: 'Linux 5.3', syscall });
  if (errno === -ESRCH) return new SystemError({ errno, syscall, message: `no such process ${pid}` });
  // The pid is a number and the flags are known: what is left is a kernel without PIDFD_THREAD ...
  if (errno === -EINVAL && isThread) {
    return new UnsupportedError({ feature: 'a pidfd of a thread', requires: 'Linux 6.9', syscall });
  }
  // ... or a thread that leads no process: EINVAL, and ENOENT since Linux 6.15.
  if (errno === -EINVAL || errno === -ENOENT) {
    return new SystemError({
      errno: EINVAL,
      syscall,
      message: `${pid} is a thread, not a process; the option thread opens it`,
    });
  }
  return new SystemError({ errno, syscall });
}
