import { SystemError, UnsupportedError } from '@osx/errors';

import type { TimerClock } from '../timerfd/timer-setting.ts';
import { EINVAL, ENOSYS, EPERM } from './errno-numbers.ts';

const syscall = 'timerfd_create';

const SINCE: Readonly<Record<TimerClock, string>> = {
  monotonic: 'Linux 2.6.27',
  realtime: 'Linux 2.6.27',
  boottime: 'Linux 3.15',
  'realtime-alarm': 'Linux 3.11',
  'boottime-alarm': 'Linux 3.11',
};

/** The error of a failed timerfd_create(clock, flags). */
export function timerfdCreateError(errno: number, clock: TimerClock): SystemError {
  if (errno === -ENOSYS) return new UnsupportedError({ feature: 'timerfd', requires: SINCE.monotonic, syscall });
  // The flags are known ones: what is left is a clock that the kernel does not know.
  if (errno === -EINVAL) {
    return new UnsupportedError({ feature: `a timer on the clock ${clock}`, requires: SINCE[clock], syscall });
  }
  if (errno === -EPERM) {
    return new SystemError({
      errno,
      syscall,
      message: `the clock ${clock} wakes the machine: it needs CAP_WAKE_ALARM`,
    });
  }
  return new SystemError({ errno, syscall });
}
