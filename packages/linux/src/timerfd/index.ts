/**
 * Timers of the kernel as descriptors: every clock, absolute times, a count of what was missed, and an interval that does
 * not drift.
 *
 * @module
 */
export { everyInterval } from './every-interval.ts';
export type { Interval, IntervalOptions, IntervalTick } from './interval.ts';
export { TimerFd } from './timer-fd.ts';
export type { TimerClock, TimerReadOptions, TimerSetting, TimerSettingOptions, TimerTime } from './timer-setting.ts';
