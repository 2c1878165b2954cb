import { closeSync } from 'node:fs';

import {
  checkAbortSignal,
  checkOneOf,
  checkOptions,
  checkTimeoutMs,
  isSystemError,
  SystemError,
  throwIfAborted,
} from '@osx/errors';
import { checked, ownByNode } from '@osx/native-ffi';

import { DescriptorReader } from '../internal/descriptor-reader.ts';
import { EAGAIN, ECANCELED } from '../internal/errno-numbers.ts';
import { checkTimerSetting, DISARMED, packTimerSetting, unpackTimerSetting } from '../internal/timer-setting.ts';
import {
  clockGettime,
  itimerspecStruct,
  timerfdCreate,
  timerfdGettime,
  timerfdRead,
  timerfdSettime,
  timespecStruct,
} from '../internal/timerfd-calls.ts';
import {
  CLOCK_BOOTTIME,
  CLOCK_BOOTTIME_ALARM,
  CLOCK_MONOTONIC,
  CLOCK_REALTIME,
  CLOCK_REALTIME_ALARM,
  TFD_CLOEXEC,
  TFD_NONBLOCK,
} from '../internal/timerfd-constants.ts';
import { timerfdCreateError } from '../internal/timerfd-create-error.ts';
import type { TimerClock, TimerReadOptions, TimerSetting, TimerSettingOptions } from './timer-setting.ts';

/** What a timer runs on, and what shows that clock's time: an alarm clock cannot be read on every machine. */
const CLOCKS: Readonly<Record<TimerClock, { readonly timer: number; readonly shown: number }>> = {
  monotonic: { timer: CLOCK_MONOTONIC, shown: CLOCK_MONOTONIC },
  realtime: { timer: CLOCK_REALTIME, shown: CLOCK_REALTIME },
  boottime: { timer: CLOCK_BOOTTIME, shown: CLOCK_BOOTTIME },
  'realtime-alarm': { timer: CLOCK_REALTIME_ALARM, shown: CLOCK_REALTIME },
  'boottime-alarm': { timer: CLOCK_BOOTTIME_ALARM, shown: CLOCK_BOOTTIME },
};

const counter = Buffer.alloc(8);

/**
 * A timer of the kernel as a descriptor in the event loop: on any clock, absolute or relative, and it counts what it
 * could not deliver in time.
 *
 * A number is milliseconds, a bigint nanoseconds, for every time that is given; what is returned is nanoseconds.
 *
 * **Platform** Linux 2.6.27; `'boottime'` 3.15, the alarm clocks 3.11. Works in Workers; the descriptor is closed when
 * the Worker ends.
 *
 * **Gotchas** Only a `read()` that waits keeps the process alive, not an armed timer. `'monotonic'` stands still while the
 * machine sleeps, as all timers of Node do; `'boottime'` and `'realtime'` do not, and the alarm clocks wake it.
 *
 * @example
 * ```ts
 * import { TimerFd } from '@osx/linux/timerfd';
 *
 * const timer = TimerFd.create('boottime');
 * timer.set({ value: 10, interval: 2.5 });
 * console.log((await timer.read()) >= 1n); // true
 * timer.close();
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/timerfd_create.2.html
 */
export class TimerFd implements Disposable {
  /** The clock that it runs on. */
  readonly clock: TimerClock;
  readonly #fd: number;
  readonly #reader: DescriptorReader<bigint>;
  #isClosed = false;

  private constructor(fd: number, clock: TimerClock) {
    this.#fd = fd;
    this.clock = clock;
    this.#reader = new DescriptorReader(fd, () => readExpirations(fd));
  }

  /**
   * A timer that is not armed yet (`timerfd_create`), close-on-exec and non-blocking.
   *
   * @param clock `'monotonic'` (default), `'realtime'`, `'boottime'`, `'realtime-alarm'` or `'boottime-alarm'`.
   * @returns A timer to `close()`, by hand or with `using`.
   * @throws {SystemError} EPERM: an alarm clock without CAP_WAKE_ALARM. EMFILE, ENFILE, ENOMEM.
   * @throws {UnsupportedError} for a clock that this kernel does not know.
   */
  static create(clock: TimerClock = 'monotonic'): TimerFd {
    checkOneOf('clock', clock, Object.keys(CLOCKS));
    const fd = timerfdCreate(CLOCKS[clock].timer, TFD_NONBLOCK | TFD_CLOEXEC);
    if (fd < 0) throw timerfdCreateError(fd, clock);
    return new TimerFd(ownByNode(fd), clock);
  }

  /** The descriptor, for `/proc/self/fdinfo` or to hand to a child; reading it yourself takes expirations away. */
  get fd(): number {
    return this.#openFd('timerfd');
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Arms the timer (`timerfd_settime`). Expirations that nobody has read are forgotten.
   *
   * @param setting See {@link TimerSettingOptions}.
   * @returns What it was set to before, as `get()` would have told.
   * @throws {SystemError} ECANCELED: with `cancelOnSet`, somebody set the clock since the timer was made or last set; it is
   *   disarmed: find the time anew. EBADF (closed).
   */
  set(setting: TimerSettingOptions): TimerSetting {
    const wanted = checkTimerSetting(setting, this.clock);
    try {
      return this.#settime(wanted.flags, wanted.setting);
    } catch (error) {
      if (!isSystemError(error, 'ECANCELED')) throw error;
      // The kernel has armed it nevertheless, for a time that was meant on another clock.
      this.#settime(0, DISARMED);
      throw canceledError('timerfd_settime', 'the clock was set; the timer is disarmed');
    }
  }

  /**
   * Stops the timer. Expirations that nobody has read are forgotten; a `read()` that waits goes on waiting.
   *
   * @returns What it was set to.
   * @throws {SystemError} EBADF (closed).
   */
  disarm(): TimerSetting {
    return this.#settime(0, DISARMED);
  }

  /**
   * The time until the next expiration, and the interval (`timerfd_gettime`).
   *
   * @returns Nanoseconds; `value` 0n when the timer is not armed, or has expired for the only time.
   * @throws {SystemError} EBADF (closed).
   */
  get(): TimerSetting {
    const bytes = Buffer.alloc(itimerspecStruct.size());
    checked(timerfdGettime(this.#openFd('timerfd_gettime'), bytes), 'timerfd_gettime');
    return unpackTimerSetting(bytes);
  }

  /** What the timer's clock shows now, in nanoseconds (`clock_gettime`): to count absolute times from. */
  now(): bigint {
    const bytes = Buffer.alloc(timespecStruct.size());
    checked(clockGettime(CLOCKS[this.clock].shown, bytes), 'clock_gettime');
    const { tv_sec, tv_nsec } = timespecStruct.unpack(bytes);
    return tv_sec * 1_000_000_000n + tv_nsec;
  }

  /**
   * How often the timer has expired since this was last asked; null when it has not. Never waits.
   *
   * @throws {SystemError} ECANCELED: with `cancelOnSet`, somebody set the clock. The timer stays armed, for the same
   *   time on the clock as it is now. EBADF (closed).
   */
  tryRead(): bigint | null {
    return readExpirations(this.#openFd('read'));
  }

  /**
   * Waits for an expiration, and resolves to how many there were since this was last asked: more than 1 when the event
   * loop was late. Several waits are served in order, one expiration count each.
   *
   * @param options `signal`, `timeoutMs`.
   * @throws {SystemError} ETIMEDOUT; ECANCELED as {@link tryRead}; EBADF (closed, before or meanwhile).
   */
  async read(options: TimerReadOptions = {}): Promise<bigint> {
    const { signal, timeoutMs } = checkOptions('options', options);
    throwIfAborted(checkAbortSignal('options.signal', signal));
    const limit = checkTimeoutMs('options.timeoutMs', timeoutMs);
    this.#openFd('read');
    return await this.#reader.read({ signal, timeoutMs: limit });
  }

  /** Keeps Node running while something waits in `read()` (the default). */
  ref(): this {
    this.#reader.ref();
    return this;
  }

  /** Lets Node end although something waits in `read()`. */
  unref(): this {
    this.#reader.unref();
    return this;
  }

  /** Closes the timer; waits reject with EBADF. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#reader.close(closedError('read'));
    closeSync(this.#fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #settime(flags: number, setting: TimerSetting): TimerSetting {
    const former = Buffer.alloc(itimerspecStruct.size());
    const fd = this.#openFd('timerfd_settime');
    checked(timerfdSettime(fd, flags, packTimerSetting(setting), former), 'timerfd_settime');
    return unpackTimerSetting(former);
  }

  #openFd(syscall: string): number {
    if (this.#isClosed) throw closedError(syscall);
    return this.#fd;
  }
}

function readExpirations(fd: number): bigint | null {
  const count = timerfdRead(fd, counter, counter.length);
  if (count === -EAGAIN) return null;
  if (count === -ECANCELED) throw canceledError('read', 'the clock was set; the timer goes on for the same time');
  checked(count, 'read');
  return counter.readBigUInt64LE();
}

function canceledError(syscall: string, message: string): SystemError {
  return new SystemError({ code: 'ECANCELED', syscall, message });
}

function closedError(syscall: string): SystemError {
  return new SystemError({ code: 'EBADF', syscall, message: 'the timer is closed' });
}
