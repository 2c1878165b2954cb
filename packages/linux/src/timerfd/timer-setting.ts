/** The clocks that a timer can run on; `timerfd_create` names them `CLOCK_MONOTONIC` and so on. */
export type TimerClock = 'monotonic' | 'realtime' | 'boottime' | 'realtime-alarm' | 'boottime-alarm';

/**
 * A span or point of time: a **number is milliseconds**, and its fraction counts; a **bigint is nanoseconds**. What is
 * returned is always a bigint of nanoseconds.
 */
export type TimerTime = number | bigint;

/** What {@link TimerFd.set} arms a timer with. */
export interface TimerSettingOptions {
  /** When the timer expires first: so long from now, or with `absolute` that point of its clock. More than 0. */
  value: TimerTime;
  /** How long after that it expires again, and again. Default 0: it expires once. */
  interval?: TimerTime | undefined;
  /**
   * `value` is a point of the timer's clock (`TFD_TIMER_ABSTIME`): `Date.now()` for `'realtime'`,
   * `process.hrtime.bigint()` for `'monotonic'`, `timer.now()` for every clock. One that has passed expires at once.
   */
  absolute?: boolean | undefined;
  /** Reading fails with ECANCELED when somebody sets the clock (`TFD_TIMER_CANCEL_ON_SET`); realtime and absolute only. */
  cancelOnSet?: boolean | undefined;
}

/** The state of a timer, in nanoseconds. */
export interface TimerSetting {
  /** Time until it expires next, never absolute; 0n when it is not armed. */
  readonly value: bigint;
  /** Time between later expirations; 0n when there are none. */
  readonly interval: bigint;
}

/** Options of whatever waits for a timer. */
export interface TimerReadOptions {
  /** Ends the wait: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most, 0 or more; then `ETIMEDOUT`. */
  timeoutMs?: number | undefined;
}
