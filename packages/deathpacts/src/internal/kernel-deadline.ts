import { isSystemError } from '@osx/errors';
import { checked, defineStruct, defineSyscall, isNativeAvailable, zeroOrError } from '@osx/native-ffi';

// <time.h>, <signal.h>: the same on every architecture.
export const timerConstants = { CLOCK_MONOTONIC: 1, SIGEV_SIGNAL: 0, SIGKILL: 9 } as const;
const { CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGKILL } = timerConstants;

const timerCreate = defineSyscall({
  number: 'SYS_timer_create',
  parameters: ['int', 'pointer', 'pointer'],
  decode: zeroOrError,
});
const timerSettime = defineSyscall({
  number: 'SYS_timer_settime',
  parameters: ['int', 'int', 'pointer', 'pointer'],
  decode: zeroOrError,
});

const SIGEVENT = { size: 64, fields: { sigev_signo: ['i32', 8], sigev_notify: ['i32', 12] } } as const;
/** `struct sigevent` of <signal.h>, as far as SIGEV_SIGNAL needs it. */
export const sigeventStruct = defineStruct('sigevent', { 'linux-x64': SIGEVENT, 'linux-arm64': SIGEVENT });

const ITIMERSPEC = {
  size: 32,
  fields: {
    'it_interval.tv_sec': ['i64', 0],
    'it_interval.tv_nsec': ['i64', 8],
    'it_value.tv_sec': ['i64', 16],
    'it_value.tv_nsec': ['i64', 24],
  },
} as const;
/** `struct itimerspec` of <time.h>. */
export const itimerspecStruct = defineStruct('itimerspec', { 'linux-x64': ITIMERSPEC, 'linux-arm64': ITIMERSPEC });

/**
 * Has the kernel kill this process after a time, whatever it does until then: a blocked event loop, an endless loop in
 * `onDie`, a write to a full pipe. There is no way back, and none is needed: this is for a process that is dying.
 *
 * Without the native layer, or with no timer to be had (EAGAIN), the timers of the event loop must do.
 */
export function killAfter(milliseconds: number): void {
  if (process.platform !== 'linux' || !isNativeAvailable()) return;
  const id = Buffer.alloc(4);
  const event = sigeventStruct.pack({ sigev_notify: SIGEV_SIGNAL, sigev_signo: SIGKILL });
  const value = itimerspecStruct.pack({
    'it_value.tv_sec': BigInt(Math.floor(milliseconds / 1000)),
    'it_value.tv_nsec': BigInt((milliseconds % 1000) * 1_000_000),
  });
  try {
    checked(timerCreate(CLOCK_MONOTONIC, event, id), 'timer_create');
    checked(timerSettime(id.readInt32LE(0), 0, value, null), 'timer_settime');
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}
