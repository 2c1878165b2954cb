import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { expect, test } from 'vitest';

import { ProcessOrigin } from '@osx/forkhooks';
import { runFixture } from '@osx/test-support';

const current = (): string => new ProcessOrigin().toString();
const fixture = new URL('./fixtures/origin.ts', import.meta.url);

test('of this thread, again and again', () => {
  const origin = new ProcessOrigin();
  expect([origin.isCurrent(), origin.isCurrent()]).toEqual([true, true]);
  expect([origin.pid, origin.threadId]).toEqual([process.pid, 0]);
  expect(origin.toString()).toBe(current());
  expect(JSON.stringify({ origin })).toBe(JSON.stringify({ origin: current() }));
});

test('each Worker has its own, with the pid of the process', async () => {
  const told = await Promise.all(
    [1, 2].map(async () => ((await once(new Worker(fixture, { workerData: current() }), 'message')) as [unknown[]])[0]),
  );
  const texts = told.map((one) => one[3]);
  expect(told.map((one) => one.slice(0, 3))).toEqual([
    [true, process.pid, false],
    [true, process.pid, false],
  ]);
  expect(new Set([...texts, current()]).size).toBe(3);
});

test('goes by the kernel, not by process.pid and the environment', async () => {
  const { stdout } = await runFixture(fixture);
  const [isCurrent, isSame, text] = JSON.parse(stdout) as [boolean, boolean, string];
  expect([isCurrent, isSame]).toEqual([true, true]);
  expect(text).not.toBe(current());
  expect(text.split('/').slice(0, 2)).toEqual(current().split('/').slice(0, 2));
});

test('goes through text and back', async () => {
  const origin = ProcessOrigin.parse(current());
  expect(origin).toBeInstanceOf(ProcessOrigin);
  expect([origin.pid, origin.threadId, origin.toString(), origin.isCurrent()]).toEqual([
    process.pid,
    0,
    current(),
    true,
  ]);
  const [, , text] = JSON.parse((await runFixture(fixture)).stdout) as [boolean, boolean, string];
  const other = ProcessOrigin.parse(text);
  expect([other.toString(), other.isCurrent()]).toEqual([text, false]);
  expect(other.pid).not.toBe(process.pid);
});

test.each(['', 'x', '/////', 'a/1/2/3', 'a/1/2/3/4/5', 'a/1/x/3/4', 'a/1/2/3/-1', ' a/1/2/3/4\n'])(
  '%j is no origin',
  (text) => {
    expect(() => ProcessOrigin.parse(text)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
  },
);

test('parse refuses what is no text', () => {
  expect(() => ProcessOrigin.parse(1 as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
});
