import { execFileSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { readFileSync } from 'node:fs';

import { TimerFd } from '@osx/linux/timerfd';
import type { TimerClock } from '@osx/linux/timerfd';
import {
  asUnprivilegedUser,
  codeThrownBy,
  eventually,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  straceInject,
} from '@osx/test-support';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const probe = new URL('fixtures/timerfd-probe.ts', import.meta.url);
const HOUR_NS = 3_600_000_000_000n;

let before: ReadonlyMap<number, string>;
beforeAll(() => {
  TimerFd.create().close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

/** What the kernel shows of the timer, which is not what it was asked by us. */
function fdinfo(timer: TimerFd): Record<string, string> {
  const text = readFileSync(`/proc/self/fdinfo/${timer.fd}`, 'latin1');
  return Object.fromEntries(Array.from(text.matchAll(/^([\w ]+):\s*(.*)$/gm), ([, key, value]) => [key, value]));
}

async function probed(mode: string): Promise<unknown> {
  const { stdout, stderr } = await runFixture(probe, [mode]);
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

describe('create', () => {
  test.each<[TimerClock, string]>([
    ['realtime', '0'],
    ['monotonic', '1'],
    ['boottime', '7'],
  ])('%s is the clock that fdinfo shows', (clock, id) => {
    using timer = TimerFd.create(clock);
    expect([timer.clock, fdinfo(timer)['clockid']]).toEqual([clock, id]);
  });

  needs('root').test.each<[TimerClock, string]>([
    ['realtime-alarm', '8'],
    ['boottime-alarm', '9'],
  ])('%s is the clock that fdinfo shows', async (clock, id) => {
    using timer = TimerFd.create(clock);
    expect(fdinfo(timer)['clockid']).toBe(id);
    timer.set({ value: 1n });
    expect(await timer.read({ timeoutMs: 20_000 })).toBe(1n);
  });

  test('without a clock it is the monotonic one, not armed, close-on-exec and non-blocking', () => {
    using timer = TimerFd.create();
    expect(fdinfo(timer)).toMatchObject({ clockid: '1', ticks: '0', it_value: '(0, 0)', it_interval: '(0, 0)' });
    expect(openFds().get(timer.fd)).toBe('anon_inode:[timerfd]');
    expect(Number.parseInt(fdinfo(timer)['flags'] ?? '', 8) & 0o2004000).toBe(0o2004000);
    expect(execFileSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' })).not.toContain('timerfd');
  });

  needs('unprivileged-user').test('an alarm clock needs CAP_WAKE_ALARM: EPERM, and it says so', async () => {
    const { stdout } = await runFixture(probe, ['alarm'], asUnprivilegedUser);
    expect(JSON.parse(stdout)).toEqual({
      code: 'EPERM',
      name: 'SystemError',
      message: 'EPERM: the clock boottime-alarm wakes the machine: it needs CAP_WAKE_ALARM, timerfd_create',
    });
  });

  needs('strace').test.each([
    ['ENOSYS', 'monotonic', 'UnsupportedError', /timerfd is not supported .*requires Linux 2\.6\.27/],
    ['EINVAL', 'boottime', 'UnsupportedError', /the clock boottime is not supported .*requires Linux 3\.15/],
    ['EINVAL', 'alarm', 'UnsupportedError', /the clock boottime-alarm is not supported .*requires Linux 3\.11/],
    ['EMFILE', 'monotonic', 'SystemError', /^EMFILE/],
  ])('%s for %s is %s', async (errno, mode, name, message) => {
    const { stdout, injected } = await straceInject(probe, [mode], `timerfd_create:error=${errno}`);
    expect(injected).toBe(true);
    expect(JSON.parse(stdout)).toMatchObject({ name, message: expect.stringMatching(message) });
  });
});

describe('set and get', () => {
  test('the kernel has what was set, in both units', () => {
    using timer = TimerFd.create();
    timer.set({ value: 3_600_000, interval: 1500.5 });
    expect(fdinfo(timer)['it_interval']).toBe('(1, 500500000)');
    expect(fdinfo(timer)['it_value']).toMatch(/^\(3599, 9\d+\)$/);
    timer.set({ value: HOUR_NS, interval: 2_000_000_001n });
    expect(fdinfo(timer)['it_interval']).toBe('(2, 1)');
    const { value, interval } = timer.get();
    expect(interval).toBe(2_000_000_001n);
    expect(value > HOUR_NS - 60_000_000_000n && value <= HOUR_NS).toBe(true);
  });

  test('set and disarm return what was set before', () => {
    using timer = TimerFd.create();
    expect(timer.set({ value: HOUR_NS, interval: 5n * HOUR_NS })).toEqual({ value: 0n, interval: 0n });
    const former = timer.set({ value: 2n * HOUR_NS });
    expect(former.interval).toBe(5n * HOUR_NS);
    expect(former.value).toBeLessThanOrEqual(HOUR_NS);
    expect(timer.disarm().value).toBeGreaterThan(HOUR_NS);
    expect(timer.get()).toEqual({ value: 0n, interval: 0n });
    expect(fdinfo(timer)['it_value']).toBe('(0, 0)');
  });

  test('the longest time is taken', () => {
    using timer = TimerFd.create();
    timer.set({ value: 2n ** 63n - 1n });
    expect(timer.get().value).toBeGreaterThan(2n ** 62n);
    expect(timer.tryRead()).toBeNull();
  });

  test('settime flags as fdinfo shows them', () => {
    using timer = TimerFd.create('realtime');
    const flags = (setting: object): string | undefined => {
      timer.set({ value: timer.now() + HOUR_NS, ...setting });
      return fdinfo(timer)['settime flags'];
    };
    expect([flags({}), flags({ absolute: true }), flags({ absolute: true, cancelOnSet: true })]).toEqual([
      '00',
      '01',
      '03',
    ]);
  });
});

describe('absolute times', () => {
  test.each<TimerClock>(['monotonic', 'realtime', 'boottime'])('of %s: one that has passed fires at once', (clock) => {
    using timer = TimerFd.create(clock);
    timer.set({ value: 1n, absolute: true });
    expect(timer.tryRead()).toBe(1n);
    expect([timer.tryRead(), timer.get().value]).toEqual([null, 0n]);
  });

  test('one that has passed, with an interval, counts every interval since', () => {
    using timer = TimerFd.create('realtime');
    timer.set({ value: timer.now() - 10n * HOUR_NS, interval: HOUR_NS, absolute: true });
    expect(timer.tryRead()).toBe(11n);
    expect(timer.tryRead()).toBeNull();
  });

  test.each<TimerClock>(['monotonic', 'realtime', 'boottime'])('of %s: counted from now()', async (clock) => {
    using timer = TimerFd.create(clock);
    const due = timer.now() + 20_000_000n;
    timer.set({ value: due, absolute: true });
    expect(await timer.read({ timeoutMs: 20_000 })).toBe(1n);
    expect(timer.now()).toBeGreaterThanOrEqual(due);
  });

  test("now() is Node's own time, where Node has it", () => {
    using monotonic = TimerFd.create();
    using realtime = TimerFd.create('realtime');
    const [first, mine, last] = [process.hrtime.bigint(), monotonic.now(), process.hrtime.bigint()];
    expect(first <= mine && mine <= last).toBe(true);
    expect(Math.abs(Number(realtime.now() / 1_000_000n) - Date.now())).toBeLessThan(60_000);
    // A number is milliseconds: what Date.now() gives can be used as it is.
    realtime.set({ value: Date.now() + 3_600_000, absolute: true });
    expect(realtime.get().value > HOUR_NS - 60_000_000_000n && realtime.get().value <= HOUR_NS).toBe(true);
  });
});

describe('reading', () => {
  test('tryRead is null before, the count after, and null again', async () => {
    using timer = TimerFd.create();
    expect(timer.tryRead()).toBeNull();
    timer.set({ value: HOUR_NS });
    expect(timer.tryRead()).toBeNull();
    timer.set({ value: 1n });
    await eventually(() => fdinfo(timer)['ticks'] === '1');
    expect(timer.tryRead()).toBe(1n);
    expect(timer.tryRead()).toBeNull();
  });

  test('a count of what was missed while the event loop was blocked', async () => {
    using timer = TimerFd.create();
    timer.set({ value: 1, interval: 1 });
    const end = performance.now() + 50;
    while (performance.now() < end);
    expect(await timer.read()).toBeGreaterThanOrEqual(50n);
  });

  test('setting or disarming forgets what was not read', () => {
    using timer = TimerFd.create();
    timer.set({ value: 1n, absolute: true });
    timer.set({ value: HOUR_NS });
    expect(timer.tryRead()).toBeNull();
    timer.set({ value: 1n, absolute: true });
    timer.disarm();
    expect(timer.tryRead()).toBeNull();
  });

  test('a wait outlives disarm, and ends with the next expiration', async () => {
    using timer = TimerFd.create();
    timer.set({ value: 5 });
    const read = timer.read();
    timer.disarm();
    await expect(timer.read({ timeoutMs: 30 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    timer.set({ value: 1n });
    expect(await read).toBe(1n);
  });

  test('waits are served in the order in which they came, one count each', async () => {
    using timer = TimerFd.create();
    const order: number[] = [];
    const waits = [0, 1, 2].map(async (index) => {
      const count = await timer.read();
      order.push(index);
      return count;
    });
    timer.set({ value: 1, interval: 5 });
    const counts = await Promise.all(waits);
    expect(order).toEqual([0, 1, 2]);
    expect(counts.every((count) => count >= 1n)).toBe(true);
  });

  test('a read that comes while another waits does not overtake it', async () => {
    using timer = TimerFd.create();
    const order: string[] = [];
    const first = timer.read().then((count) => order.push(`first ${count}`));
    timer.set({ value: 1n, absolute: true });
    // The expiration is there, and the event loop has had no turn to hand it to the first.
    const second = timer.read().then((count) => order.push(`second ${count}`));
    await first;
    timer.set({ value: 1 });
    await second;
    expect(order).toEqual(['first 1', 'second 1']);
  });

  test('abort and timeout end one wait and leave the others', async () => {
    using timer = TimerFd.create();
    const controller = new AbortController();
    const reason = new Error('enough');
    const aborted = timer.read({ signal: controller.signal });
    const timedOut = timer.read({ timeoutMs: 1 });
    const kept = timer.read();
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    await expect(timedOut).rejects.toMatchObject({ code: 'ETIMEDOUT', syscall: 'poll' });
    timer.set({ value: 1n });
    expect(await kept).toBe(1n);
    await expect(timer.read({ signal: controller.signal })).rejects.toBe(reason);
  });

  test('a flood of expirations leaves the event loop its turns, and does not need one for each', async () => {
    using timer = TimerFd.create();
    timer.set({ value: 1n, interval: 1n });
    let turns = 0;
    let immediate: NodeJS.Immediate;
    const count = (): void => {
      turns += 1;
      immediate = setImmediate(count);
    };
    immediate = setImmediate(count);
    for (let round = 0; round < 2000; round += 1) await timer.read();
    clearImmediate(immediate);
    expect(turns).toBeGreaterThan(0);
    expect(turns).toBeLessThan(1000);
  });

  test('a read that ends before its signal keeps no listener', async () => {
    using timer = TimerFd.create();
    const { signal } = new AbortController();
    const read = timer.read({ signal });
    timer.set({ value: 1n });
    await read;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('the clock is set (CANCEL_ON_SET)', () => {
  needs('strace').test('a read says ECANCELED and the timer goes on', async () => {
    const { stdout, injected } = await straceInject(probe, ['read'], 'read:error=ECANCELED:when=1', {
      whenReady: true,
    });
    expect(injected).toBe(true);
    expect(JSON.parse(stdout)).toEqual({
      code: 'ECANCELED',
      message: 'ECANCELED: the clock was set; the timer goes on for the same time, read',
      armed: true,
    });
  });

  needs('strace').test('set says ECANCELED and leaves the timer disarmed', async () => {
    const { stdout, trace } = await straceInject(probe, ['set'], 'timerfd_settime:error=ECANCELED:when=1');
    expect(JSON.parse(stdout)).toEqual({
      code: 'ECANCELED',
      message: 'ECANCELED: the clock was set; the timer is disarmed, timerfd_settime',
      armed: false,
    });
    expect(trace.match(/timerfd_settime\(/g)).toHaveLength(2);
  });
});

describe('lifetime', () => {
  test('a closed timer throws EBADF, and its waits reject', async () => {
    const timer = TimerFd.create();
    const read = timer.read();
    timer.close();
    timer.close();
    await expect(read).rejects.toMatchObject({ code: 'EBADF', message: 'EBADF: the timer is closed, read' });
    await expect(timer.read()).rejects.toMatchObject({ code: 'EBADF' });
    expect(timer.isClosed).toBe(true);
    for (const use of [
      () => timer.fd,
      () => timer.get(),
      () => timer.set({ value: 1 }),
      () => timer.disarm(),
      () => timer.tryRead(),
    ]) {
      expect(codeThrownBy(use)).toBe('EBADF');
    }
    expect(timer.ref().unref()).toBe(timer);
  });

  test('an armed timer lets Node end, a wait keeps it, an unref()ed wait does not', async () => {
    expect(await probed('armed')).toEqual(['end']);
    expect(await probed('waiting')).toEqual(['expired', 'end']);
    expect(await probed('unref')).toEqual(['end']);
    expect(await probed('unref-before')).toEqual(['end']);
    expect(await probed('ref-again')).toEqual(['expired', 'end']);
  });

  test('1,000 timers in one process: no thread, no descriptor left', async () => {
    expect(await probed('thousand')).toEqual({ expired: 1000, newThreads: 0, newFds: 0 });
  });
});
