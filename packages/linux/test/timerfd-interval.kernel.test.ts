import { getEventListeners } from 'node:events';

import { everyInterval, TimerFd } from '@osx/linux/timerfd';
import { expectNoNewFds, openFds, runFixture } from '@osx/test-support';
import { afterAll, beforeAll, expect, test } from 'vitest';

let before: ReadonlyMap<number, string>;
beforeAll(() => {
  TimerFd.create().close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

function timerFds(): string[] {
  return [...openFds()].filter(([, target]) => target.includes('timerfd')).map(([fd]) => `${fd}`);
}

test('every period is told, and the count is that of the clock, however late each tick is taken', async () => {
  const period = 3_000_000n;
  const earliestStart = process.hrtime.bigint();
  using interval = everyInterval(period);
  const latestStart = process.hrtime.bigint();
  let sum = 0;
  for (let round = 0; round < 40; round += 1) {
    block(round % 5);
    const asked = process.hrtime.bigint();
    const { value } = await interval.next();
    const told = process.hrtime.bigint();
    expect(value?.expirations).toBeGreaterThanOrEqual(1);
    sum += value?.expirations ?? 0;
    expect(value?.total).toBe(sum);
    // As many as there are whole periods between the start and some moment of the call: a period that began late, once,
    // would break the lower bound.
    expect(BigInt(sum)).toBeGreaterThanOrEqual((asked - latestStart) / period);
    expect(BigInt(sum)).toBeLessThanOrEqual((told - earliestStart) / period);
  }
});

test('leaving the loop closes the timer', async () => {
  for await (const { total } of everyInterval(1)) {
    expect(timerFds()).not.toEqual([]);
    if (total >= 3) break;
  }
  expect(timerFds()).toEqual([]);
});

test('a body slower than the period gets one tick for all it missed', async () => {
  const seen: number[] = [];
  for await (const { expirations, total } of everyInterval(2)) {
    seen.push(expirations);
    if (total > 60) break;
    block(20);
  }
  expect(seen.length).toBeLessThan(15);
  expect(Math.max(...seen)).toBeGreaterThanOrEqual(10);
});

test('the first tick comes when asked for', async () => {
  using atOnce = everyInterval(3_600_000, { first: 0 });
  expect(await atOnce.next()).toEqual({ done: false, value: { expirations: 1, total: 1 } });
  using soon = everyInterval(3_600_000, { first: 2, clock: 'boottime' });
  expect(await soon.next()).toEqual({ done: false, value: { expirations: 1, total: 1 } });
});

test('close ends a pending next, and those that follow', async () => {
  const interval = everyInterval(3_600_000);
  const pending = interval.next();
  expect(timerFds()).not.toEqual([]);
  interval.close();
  interval.close();
  expect(await pending).toEqual({ done: true, value: undefined });
  expect(await interval.next()).toEqual({ done: true, value: undefined });
  expect([interval.isClosed, timerFds()]).toEqual([true, []]);
});

test('return ends a pending next and closes the timer', async () => {
  const interval = everyInterval(3_600_000);
  const pending = interval.next();
  expect(await interval.return()).toEqual({ done: true, value: undefined });
  expect(await pending).toEqual({ done: true, value: undefined });
  expect(timerFds()).toEqual([]);
});

test('an abort is told once, by the pending next or the following one, and closes the timer at once', async () => {
  const reason = new Error('enough');
  for (const isPending of [true, false]) {
    const controller = new AbortController();
    const interval = everyInterval(3_600_000, { signal: controller.signal });
    const pending = isPending ? interval.next() : undefined;
    controller.abort(reason);
    expect(timerFds()).toEqual([]);
    await expect(pending ?? interval.next()).rejects.toBe(reason);
    expect(await interval.next()).toEqual({ done: true, value: undefined });
  }
});

test('a signal that outlives the interval keeps no listener', async () => {
  const { signal } = new AbortController();
  for await (const _ of everyInterval(1, { signal })) break;
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('waiting for a tick keeps the process alive, unless unref()ed', async () => {
  const probe = new URL('fixtures/timerfd-interval-probe.ts', import.meta.url);
  expect((await runFixture(probe, ['ref'])).stdout).toBe('tick\ntick\nend\n');
  expect((await runFixture(probe, ['unref'])).stdout).toBe('end\n');
});
