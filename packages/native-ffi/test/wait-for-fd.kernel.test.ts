import { readFile } from 'node:fs/promises';

import { errnoNumber } from '@osx/errors';
import { expectNoNewFds, openFds, threadCount } from '@osx/test-support';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { retryNonblocking, whenReadable, whenWritable } from '@osx/native-ffi';

import { Pipe } from './fixtures/pipe.ts';

let before: Map<number, string>;
beforeEach(() => {
  new Pipe()[Symbol.dispose]();
  before = openFds();
});
afterEach(() => expectNoNewFds(before));

describe.each([
  ['whenReadable', whenReadable],
  ['whenWritable', whenWritable],
])('%s', (name, whenReady) => {
  const blocked = (pipe: Pipe): number => {
    if (name === 'whenReadable') return pipe.readEnd;
    while (pipe.write(new Uint8Array(65_536)) > 0);
    return pipe.writeEnd;
  };

  test('rejects with ETIMEDOUT after the time', async () => {
    using pipe = new Pipe();
    await expect(whenReady(blocked(pipe), { timeoutMs: 5 })).rejects.toMatchObject({
      name: 'SystemError',
      code: 'ETIMEDOUT',
    });
    await expect(whenReady(blocked(pipe), { timeoutMs: 0 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  test("rejects with the signal's reason, before and during the wait", async () => {
    using pipe = new Pipe();
    const reason = new Error('enough');
    await expect(whenReady(blocked(pipe), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const wait = whenReady(blocked(pipe), { signal: controller.signal });
    controller.abort(reason);
    await expect(wait).rejects.toBe(reason);
  });

  test.each([
    [-1, {}, 'ERR_OUT_OF_RANGE'],
    [0, { timeoutMs: Number.NaN }, 'ERR_OUT_OF_RANGE'],
    [0, { timeoutMs: -1 }, 'ERR_OUT_OF_RANGE'],
    [0, { timeoutMs: '5' as never }, 'ERR_INVALID_ARG_TYPE'],
    [0, { signal: {} as never }, 'ERR_INVALID_ARG_TYPE'],
  ])('refuses fd %s with %s', async (fd, options, code) => {
    await expect(whenReady(fd, options)).rejects.toMatchObject({ code });
  });

  test('a wait longer than timers reach is no timeout of a millisecond', async () => {
    using pipe = new Pipe();
    const controller = new AbortController();
    const wait = whenReady(blocked(pipe), { timeoutMs: 2 ** 40, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('still waiting')), 20);
    await expect(wait).rejects.toThrow('still waiting');
  });
});

test('resolves when data, room or the end comes', async () => {
  using pipe = new Pipe();
  await whenWritable(pipe.writeEnd);
  const readable = whenReadable(pipe.readEnd);
  pipe.write();
  await readable;
  pipe.read();
  const ended = whenReadable(pipe.readEnd);
  pipe.close(pipe.writeEnd);
  await ended;
});

test('200 waits take no thread, and the file system answers meanwhile', async () => {
  using pipe = new Pipe();
  await readFile('/proc/self/stat');
  const threads = threadCount();
  const waits = Array.from({ length: 200 }, async () => await whenReadable(pipe.readEnd));
  for (let round = 0; round < 20; round++) await readFile('/proc/self/stat');
  expect(threadCount()).toBe(threads);
  pipe.write();
  await Promise.all(waits);
});

describe('retryNonblocking', () => {
  const EAGAIN = -(errnoNumber('EAGAIN') ?? 0);
  const EINTR = -(errnoNumber('EINTR') ?? 0);

  test('waits after EAGAIN and gives the value', async () => {
    using pipe = new Pipe();
    const value = retryNonblocking(pipe.readEnd, 'read', () => pipe.read());
    setImmediate(() => pipe.write('hello'));
    expect(await value).toBe(5);
  });

  test('calls again at once after EINTR', async () => {
    using pipe = new Pipe();
    const results = [EINTR, EINTR, 7];
    expect(await retryNonblocking(pipe.readEnd, 'read', () => results.shift() ?? 0)).toBe(7);
  });

  test('throws every other errno under the name of the call', async () => {
    using pipe = new Pipe();
    pipe.close(pipe.readEnd);
    await expect(retryNonblocking(pipe.writeEnd, 'write', () => pipe.write())).rejects.toMatchObject({
      code: 'EPIPE',
      syscall: 'write',
    });
  });

  test('the time is for all attempts together', async () => {
    using pipe = new Pipe();
    pipe.write(); // always ready, never read: each attempt is EAGAIN
    let attempts = 0;
    const wait = retryNonblocking(pipe.readEnd, 'read', () => (attempts++, EAGAIN), {
      timeoutMs: 30,
      syscall: 'recvmsg',
    });
    await expect(wait).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(attempts).toBeGreaterThan(2);
  });

  test.each([
    [[-1, 'read', () => 0], 'ERR_OUT_OF_RANGE'],
    [[0, 'both', () => 0], 'ERR_INVALID_ARG_VALUE'],
    [[0, 'read', 0], 'ERR_INVALID_ARG_TYPE'],
    [[0, 'read', () => 0, { timeoutMs: Number.NaN }], 'ERR_OUT_OF_RANGE'],
  ])('refuses %j', async (args, code) => {
    await expect(retryNonblocking(...(args as Parameters<typeof retryNonblocking>))).rejects.toMatchObject({ code });
  });
});
