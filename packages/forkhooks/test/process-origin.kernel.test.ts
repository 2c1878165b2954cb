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
    [1, 2].map(async () => ((await once(new Worker(fixture), 'message')) as [unknown[]])[0]),
  );
  const texts = told.map((one) => one[3]);
  expect(told.map(([isCurrent, pid]) => [isCurrent, pid])).toEqual([
    [true, process.pid],
    [true, process.pid],
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
