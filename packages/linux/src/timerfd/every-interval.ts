import { checkAbortSignal, checkOptions, throwIfAborted } from '@osx/errors';

import { nanoseconds } from '../internal/nanoseconds.ts';
import { Interval } from './interval.ts';
import type { IntervalOptions } from './interval.ts';
import { TimerFd } from './timer-fd.ts';
import type { TimerTime } from './timer-setting.ts';

/**
 * Ticks at whole multiples of a period, counted by the kernel: a tick that comes late does not make the next one late,
 * and periods that were missed altogether are told with the tick that follows them.
 *
 * Nothing is queued: a body that takes longer than the period gets one tick with `expirations` above 1.
 *
 * **Platform** Linux 2.6.27.
 *
 * **Gotchas** It counts from this call and holds a descriptor from then on: iterate it, or `close()` it. A wait for a tick
 * keeps the process alive unless `unref()`ed.
 *
 * @param period A number of milliseconds, or a bigint of nanoseconds; more than 0.
 * @param options See {@link IntervalOptions}.
 * @returns An async iterator that ends when it is closed; leaving the loop closes it.
 * @throws {SystemError} as `TimerFd.create`.
 *
 * @example
 * ```ts
 * import { everyInterval } from '@osx/linux/timerfd';
 *
 * for await (const { expirations, total } of everyInterval(5)) {
 *   if (expirations > 1) console.error(`${expirations - 1} periods missed`);
 *   if (total >= 3) break;
 * }
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/timerfd_settime.2.html
 */
export function everyInterval(period: TimerTime, options: IntervalOptions = {}): Interval {
  const interval = nanoseconds('period', period, { min: 1n });
  const { clock = 'monotonic', first = interval, signal } = checkOptions('options', options);
  const value = nanoseconds('options.first', first);
  throwIfAborted(checkAbortSignal('options.signal', signal));
  const timer = TimerFd.create(clock);
  try {
    timer.set({ value: value === 0n ? 1n : value, interval });
    return new Interval(timer, signal);
  } catch (error) {
    timer.close();
    throw error;
  }
}
