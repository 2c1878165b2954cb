import { asUnprivilegedUser, needs } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

import { queueSignal } from '@osx/signals';

import { receiver } from './receiver.ts';
import { startRemote } from './remote.ts';

const SI_QUEUE = -1;
const INT32 = [0, 1, -1, 255, -256, 65_536, 2 ** 31 - 1, -(2 ** 31)];

describe.each(['main', 'worker'] as const)('from %s', (where) => {
  needs('linux', 'python3').test('every value arrives, in order, with its sender', async () => {
    await using from = await startRemote(where);
    await using to = await receiver({ signals: [40] });
    for (const value of INT32) expect(await from.call('queueSignal', to.pid, 40, value)).toEqual({ value: null });
    expect(await to.receive(INT32.length)).toEqual(
      INT32.map((value) => ({ number: 40, value, code: SI_QUEUE, pid: from.pid })),
    );
  });

  test('ESRCH names the call', async () => {
    await using from = await startRemote(where);
    const gone = 2 ** 31 - 1;
    const error = {
      name: 'SystemError',
      code: 'ESRCH',
      syscall: 'sigqueue',
      message: 'ESRCH: no such process, sigqueue',
    };
    expect(await from.call('queueSignal', gone, 40, 1)).toEqual({ error });
    expect(await from.call('queueSignal', gone, 0, 1)).toEqual({ error });
  });
});

needs('linux', 'python3').test('signals go by number, values of one signal by age', async () => {
  await using to = await receiver({ signals: [34, 36, 64] });
  for (const [signal, value] of [
    ['RTMAX', 1],
    ['RTMIN+2', 2],
    ['RTMIN', 3],
    ['RTMIN+2', 4],
  ] as const)
    queueSignal(to.pid, signal, value);
  const received = await to.receive(4);
  expect(received.map(({ number, value }) => [number, value])).toEqual([
    [34, 3],
    [36, 2],
    [36, 4],
    [64, 1],
  ]);
});

needs('linux', 'python3').test('a standard signal takes a value, too; of several the first stays', async () => {
  await using to = await receiver({ signals: [10, 12] });
  for (const value of [7, 8, 9]) queueSignal(to.pid, 'SIGUSR1', value);
  queueSignal(to.pid, 'SIGUSR2', -3);
  const received = await to.receive(2);
  expect(received.map(({ number, value }) => [number, value])).toEqual([
    [10, 7],
    [12, -3],
  ]);
});

needs('linux', 'python3').test('signal 0 queues nothing', async () => {
  await using to = await receiver({ signals: [40] });
  queueSignal(to.pid, 0, 5);
  queueSignal(to.pid, 40, 6);
  expect((await to.receive(1)).map(({ value }) => value)).toEqual([6]);
});

needs('root', 'python3').test('RLIMIT_SIGPENDING reached: EAGAIN, and what was queued is whole', async () => {
  const limit = 5;
  await using to = await receiver({ signals: [40], limited: { pending: limit, uid: asUnprivilegedUser.uid } });
  let queued = 0;
  const queueUntilFull = (): void => {
    for (; queued <= 1000; queued += 1) queueSignal(to.pid, 40, queued);
  };
  const full = expect.objectContaining({ name: 'SystemError', code: 'EAGAIN', syscall: 'sigqueue' });
  expect(queueUntilFull).toThrow(full);
  // The limit counts what waits for any process of that user.
  expect(queued).toBeGreaterThan(0);
  expect(queued).toBeLessThanOrEqual(limit);
  expect((await to.receive(queued)).map(({ value }) => value)).toEqual(
    Array.from({ length: queued }, (_, index) => index),
  );
  const before = queued;
  expect(queueUntilFull).toThrow(full);
  expect(queued).toBeGreaterThan(before);
});

needs('root', 'python3', 'unprivileged-user').test("EPERM for another user's process, which gets nothing", async () => {
  await using from = await startRemote('main', asUnprivilegedUser);
  await using to = await receiver({ signals: [40] });
  const error = {
    name: 'SystemError',
    code: 'EPERM',
    syscall: 'sigqueue',
    message: 'EPERM: operation not permitted, sigqueue',
  };
  expect(await from.call('queueSignal', to.pid, 40, 1)).toEqual({ error });
  queueSignal(to.pid, 40, 2);
  expect((await to.receive(1)).map(({ value }) => value)).toEqual([2]);
});

test("Node's own listener sees that it came", async () => {
  await using to = await startRemote();
  await to.call('listen', 'SIGUSR2');
  queueSignal(to.pid, 'SIGUSR2', -1);
  expect(await to.nextEvent()).toBe('SIGUSR2');
});
