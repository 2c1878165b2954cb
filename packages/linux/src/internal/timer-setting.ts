import { checkBoolean, checkOptions, invalidArgValue } from '@osx/errors';

import type { TimerClock, TimerSetting, TimerSettingOptions } from '../timerfd/timer-setting.ts';
import { nanoseconds } from './nanoseconds.ts';
import { itimerspecStruct } from './timerfd-calls.ts';
import { TFD_TIMER_ABSTIME, TFD_TIMER_CANCEL_ON_SET } from './timerfd-constants.ts';

const NS_PER_SECOND = 1_000_000_000n;

export const DISARMED: TimerSetting = { value: 0n, interval: 0n };

/** The checked arguments of timerfd_settime. */
export function checkTimerSetting(
  setting: TimerSettingOptions,
  clock: TimerClock,
): { flags: number; setting: TimerSetting } {
  const { value, interval = 0n, absolute = false, cancelOnSet = false } = checkOptions('setting', setting);
  const checked = {
    value: nanoseconds('setting.value', value, { min: 1n, hint: '; 1n fires at once, disarm() stops the timer' }),
    interval: nanoseconds('setting.interval', interval),
  };
  checkBoolean('setting.absolute', absolute);
  checkBoolean('setting.cancelOnSet', cancelOnSet);
  // The kernel takes the flag in these cases too, and never cancels.
  if (cancelOnSet && !absolute) {
    throw invalidArgValue('setting.cancelOnSet', 'false without absolute: a relative time does not change', true);
  }
  if (cancelOnSet && !clock.startsWith('realtime')) {
    throw invalidArgValue('setting.cancelOnSet', `false for the clock ${clock}, which nobody can set`, true);
  }
  return {
    flags: (absolute ? TFD_TIMER_ABSTIME : 0) | (cancelOnSet ? TFD_TIMER_CANCEL_ON_SET : 0),
    setting: checked,
  };
}

export function packTimerSetting({ value, interval }: TimerSetting): Buffer {
  return itimerspecStruct.pack({
    'it_interval.tv_sec': interval / NS_PER_SECOND,
    'it_interval.tv_nsec': interval % NS_PER_SECOND,
    'it_value.tv_sec': value / NS_PER_SECOND,
    'it_value.tv_nsec': value % NS_PER_SECOND,
  });
}

export function unpackTimerSetting(bytes: Uint8Array): TimerSetting {
  const spec = itimerspecStruct.unpack(bytes);
  return {
    value: spec['it_value.tv_sec'] * NS_PER_SECOND + spec['it_value.tv_nsec'],
    interval: spec['it_interval.tv_sec'] * NS_PER_SECOND + spec['it_interval.tv_nsec'],
  };
}
