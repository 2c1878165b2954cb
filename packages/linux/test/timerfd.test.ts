import { everyInterval, TimerFd } from '@osx/linux/timerfd';
import { expect, test } from 'vitest';

import { nanoseconds } from '../src/internal/nanoseconds.ts';

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  return 'nothing was thrown';
}

test.each<[number | bigint, bigint]>([
  [0, 0n],
  [1, 1_000_000n],
  [0.5, 500_000n],
  [0.000001, 1n],
  [2.5, 2_500_000n],
  [1_763_640_000_123, 1_763_640_000_123_000_000n],
  [1_763_640_000_123.5, 1_763_640_000_123_500_000n],
  [0n, 0n],
  [7n, 7n],
  [2n ** 63n - 1n, 2n ** 63n - 1n],
])('%s is %s ns', (value, expected) => {
  expect(nanoseconds('value', value)).toBe(expected);
});

test.each<[unknown, string]>([
  [-1, 'ERR_OUT_OF_RANGE: The "setting.value" property must be >= 1 ns and < 2 ** 63 ns'],
  [-1n, 'ERR_OUT_OF_RANGE'],
  [
    0,
    'ERR_OUT_OF_RANGE: The "setting.value" property must be >= 1 ns and < 2 ** 63 ns; 1n fires at once, disarm() stops',
  ],
  [0n, 'ERR_OUT_OF_RANGE'],
  [0.0000001, 'ERR_OUT_OF_RANGE'],
  [2n ** 63n, 'ERR_OUT_OF_RANGE'],
  [1e15, 'ERR_OUT_OF_RANGE'],
  [Number.NaN, 'ERR_OUT_OF_RANGE'],
  [Infinity, 'ERR_OUT_OF_RANGE'],
  [
    '5',
    'ERR_INVALID_ARG_TYPE: The "setting.value" property must be a number of milliseconds or a bigint of nanoseconds',
  ],
  [undefined, 'ERR_INVALID_ARG_TYPE'],
  [null, 'ERR_INVALID_ARG_TYPE'],
])('a value of %s is refused, and the timer left as it is', (value, message) => {
  using timer = TimerFd.create();
  timer.set({ value: 60_000 });
  expect(messageOf(() => timer.set({ value: value as never }))).toContain(message);
  expect(timer.get().value).toBeGreaterThan(0n);
});

test.each<[object | null, string]>([
  [{ value: 1, interval: -1 }, 'ERR_OUT_OF_RANGE: The "setting.interval" property'],
  [{ value: 1, interval: null }, 'ERR_INVALID_ARG_TYPE: The "setting.interval" property'],
  [{ value: 1, absolute: 1 }, 'ERR_INVALID_ARG_TYPE: The "setting.absolute" property'],
  [{ value: 1, absolute: true, cancelOnSet: 'yes' }, 'ERR_INVALID_ARG_TYPE: The "setting.cancelOnSet" property'],
  [
    { value: 1, cancelOnSet: true },
    'ERR_INVALID_ARG_VALUE: The "setting.cancelOnSet" property must be false without absolute',
  ],
  [null, 'ERR_INVALID_ARG_TYPE: The "setting" argument'],
  [[1], 'ERR_INVALID_ARG_TYPE: The "setting" argument'],
])('the setting %o is refused', (setting, message) => {
  using timer = TimerFd.create('realtime');
  expect(messageOf(() => timer.set(setting as never))).toContain(message);
  expect(timer.get()).toEqual({ value: 0n, interval: 0n });
});

test('cancelOnSet is refused for a clock that cannot be set', () => {
  for (const clock of ['monotonic', 'boottime'] as const) {
    using timer = TimerFd.create(clock);
    expect(messageOf(() => timer.set({ value: 1n, absolute: true, cancelOnSet: true }))).toContain(
      `must be false for the clock ${clock}, which nobody can set. Received true`,
    );
  }
});

test.each(['', 'MONOTONIC', 'toString', 1, null])('the clock %j is refused', (clock) => {
  expect(messageOf(() => TimerFd.create(clock as never))).toMatch(
    /^ERR_INVALID_ARG_VALUE: The "clock" argument must be one of 'monotonic', 'realtime', 'boottime', 'realtime-alarm', 'boottime-alarm'/,
  );
});

test.each<[unknown, object | undefined, string]>([
  [0, undefined, 'ERR_OUT_OF_RANGE: The "period" argument'],
  ['1', undefined, 'ERR_INVALID_ARG_TYPE: The "period" argument'],
  [1, { first: -1 }, 'ERR_OUT_OF_RANGE: The "options.first" property'],
  [1, { clock: 'tai' }, 'ERR_INVALID_ARG_VALUE: The "clock" argument'],
  [1, { signal: {} }, 'ERR_INVALID_ARG_TYPE: The "options.signal" property'],
])('everyInterval(%j, %o) is refused', (period, options, message) => {
  expect(messageOf(() => everyInterval(period as never, options as never))).toContain(message);
});

test('everyInterval with an aborted signal throws its reason', () => {
  const reason = new Error('enough');
  expect(() => everyInterval(1, { signal: AbortSignal.abort(reason) })).toThrow(reason);
});

test('options of read are checked before anything waits', async () => {
  using timer = TimerFd.create();
  await expect(timer.read({ timeoutMs: -1 })).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
  await expect(timer.read({ signal: 1 as never })).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  await expect(timer.read(null as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
});
