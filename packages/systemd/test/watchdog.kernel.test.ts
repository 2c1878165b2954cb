import { startWatchdog, watchdog } from '@osx/systemd';
import type { RunningWatchdog } from '@osx/systemd';
import { eventually, expectNoNewFds, openFds, runFixture } from '@osx/test-support';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { NotifyReceiver } from './notify-receiver.ts';

const WATCHDOG = new URL('fixtures/watchdog.ts', import.meta.url);
const NAMES = ['WATCHDOG_USEC', 'WATCHDOG_PID', 'NOTIFY_SOCKET'];
let before: Map<number, string>;
beforeAll(() => {
  using _loaded = new NotifyReceiver();
  before = openFds();
});
afterEach(() => {
  for (const name of NAMES) delete process.env[name];
});
afterAll(() => expectNoNewFds(before));

/** As under `WatchdogSec=`. */
function wanted(receiver: NotifyReceiver, timeoutUsec: number): void {
  process.env['WATCHDOG_USEC'] = `${timeoutUsec}`;
  process.env['WATCHDOG_PID'] = `${process.pid}`;
  process.env['NOTIFY_SOCKET'] = receiver.variable;
}

function started(options: Parameters<typeof startWatchdog>[0] = {}): RunningWatchdog {
  const running = startWatchdog(options);
  if (running === null) throw new Error('no watchdog');
  return running;
}

test('what is expected of this process', () => {
  expect(watchdog()).toBeNull();
  expect(startWatchdog()).toBeNull();
  process.env['WATCHDOG_USEC'] = '3000001';
  expect(watchdog()).toEqual({ timeoutMs: 3000.001, intervalMs: 1500.0005 });
  process.env['WATCHDOG_PID'] = `${process.pid}`;
  expect(watchdog()).toEqual({ timeoutMs: 3000.001, intervalMs: 1500.0005 });
  process.env['WATCHDOG_PID'] = `${process.ppid}`;
  expect(watchdog()).toBeNull();
  expect(startWatchdog()).toBeNull();
  expect(watchdog({ unsetEnvironment: true })).toBeNull();
  expect(process.env).not.toHaveProperty('WATCHDOG_USEC');
  expect(process.env).not.toHaveProperty('WATCHDOG_PID');
});

test.each(['', '0', '-1', '1.5', '1e6', ' 1', '0x10', '18446744073709551615', '99999999999999999999', 'infinity'])(
  'WATCHDOG_USEC=%o is an error',
  (value) => {
    process.env['WATCHDOG_USEC'] = value;
    expect(() => watchdog({ unsetEnvironment: true })).toThrow(
      expect.objectContaining({ code: 'ERR_OSX_INVALID_ENVIRONMENT' }),
    );
    expect(watchdog()).toBeNull();
  },
);

test.each(['', '0', 'self', '2147483648'])('WATCHDOG_PID=%o is an error', (value) => {
  process.env['WATCHDOG_USEC'] = '1000000';
  process.env['WATCHDOG_PID'] = value;
  expect(() => watchdog()).toThrow(/WATCHDOG_PID must be/);
});

test('a sign at once, and then again and again, until it is closed', async () => {
  using receiver = new NotifyReceiver();
  wanted(receiver, 40_000);
  const running = started();
  expect(running.intervalMs).toBe(20);
  expect(receiver.taken().map(({ lines }) => lines)).toEqual([['WATCHDOG=1']]);
  for (let round = 0; round < 3; round += 1) {
    const { lines, sender } = await receiver.next();
    expect([lines, sender.pid]).toEqual([['WATCHDOG=1'], process.pid]);
  }
  running.close();
  running.close();
  running[Symbol.dispose]();
  receiver.taken();
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(receiver.taken()).toEqual([]);
});

test('no sign while it is not healthy, whatever way that is said; one again after', async () => {
  using receiver = new NotifyReceiver();
  wanted(receiver, 20_000);
  const errors: unknown[] = [];
  const sick: (() => boolean | Promise<boolean>)[] = [
    () => false,
    () => Promise.resolve(false),
    () => undefined as unknown as boolean,
    () => {
      throw new Error('thrown');
    },
    () => Promise.reject(new Error('rejected')),
  ];
  let asked = 0;
  using _running = started({
    isHealthy: () => (sick[asked++] ?? (() => true))(),
    onError: (error) => errors.push(error),
  });
  await receiver.next();
  expect(asked).toBe(sick.length + 1);
  expect(errors).toEqual([new Error('thrown'), new Error('rejected')]);
});

test('a check that hangs gives no sign, and is not asked again', async () => {
  using receiver = new NotifyReceiver();
  wanted(receiver, 10_000);
  let asked = 0;
  let answer: (isHealthy: boolean) => void = () => {};
  const errors: unknown[] = [];
  using running = started({
    onError: (error) => errors.push(error),
    isHealthy: () =>
      new Promise((resolve) => {
        asked += 1;
        answer = resolve;
      }),
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([asked, receiver.taken()]).toEqual([1, []]);
  answer(true);
  await receiver.next();
  await eventually(() => asked === 2);
  running.close();
  answer(true);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect([receiver.taken(), errors, asked]).toEqual([[], [], 2]);
});

test('a manager without room gets the sign as soon as it has; one that is gone is told of, and tried again', async () => {
  using receiver = new NotifyReceiver();
  wanted(receiver, 10_000);
  const errors: unknown[] = [];
  using _running = started({ onError: (error) => errors.push(error) });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(errors).toEqual([]);
  const waiting = receiver.taken().length;
  expect(waiting).toBeGreaterThan(2);
  await receiver.next();
  receiver.socket.close();
  await eventually(() => errors.length >= 2);
  expect(errors[0]).toMatchObject({ code: 'ECONNREFUSED' });
});

test('bad arguments, and a manager that expects signs without saying where', () => {
  using receiver = new NotifyReceiver();
  expect(() => startWatchdog({ isHealthy: true as never })).toThrow(/isHealthy/);
  expect(() => startWatchdog({ onError: 'log' as never })).toThrow(/onError/);
  expect(() => startWatchdog({ intervalMs: '5' as never })).toThrow(/intervalMs/);
  wanted(receiver, 1_000_000);
  for (const intervalMs of [0, -1, NaN, 1_000, Infinity]) {
    expect(() => startWatchdog({ intervalMs })).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  }
  delete process.env['NOTIFY_SOCKET'];
  expect(() => startWatchdog()).toThrow(/NOTIFY_SOCKET must be set/);
  using running = started({ socketPath: receiver.variable, intervalMs: 999 });
  expect(running.intervalMs).toBe(999);
  expect(receiver.taken()).toHaveLength(1);
});

test('a timeout beyond what a timer of Node can be', async () => {
  using receiver = new NotifyReceiver();
  wanted(receiver, Number.MAX_SAFE_INTEGER);
  using _running = started();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(receiver.taken()).toHaveLength(1);
});

test('it does not keep the process, not even while the manager has no room', async () => {
  using receiver = new NotifyReceiver();
  const env = { WATCHDOG_USEC: '60000000', NOTIFY_SOCKET: receiver.variable };
  const printed = '{"timeoutMs":60000,"intervalMs":30000}\nrunning\n';
  expect(await runFixture(WATCHDOG, [], { env })).toMatchObject({ code: 0, stdout: printed });
  expect(receiver.taken()).toHaveLength(1);
  using full = new NotifyReceiver();
  while (receiver.socket.trySend('FULL=1', { to: full.socket.localAddress ?? '' }) !== null);
  const late = await runFixture(WATCHDOG, [], { env: { ...env, NOTIFY_SOCKET: full.variable } });
  expect(late).toMatchObject({ code: 0, stdout: printed });
});

test('children of the service are not meant', async () => {
  using receiver = new NotifyReceiver();
  const env = { WATCHDOG_USEC: '60000000', WATCHDOG_PID: `${process.pid}`, NOTIFY_SOCKET: receiver.variable };
  expect((await runFixture(WATCHDOG, [], { env })).stdout).toBe('null\nnone\n');
});
