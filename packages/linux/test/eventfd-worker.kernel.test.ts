import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { EventFd } from '@osx/linux/eventfd';
import { openFds } from '@osx/test-support';
import { expect, test } from 'vitest';

const fixture = new URL('fixtures/eventfd-worker.ts', import.meta.url);

/** Those of libuv, one per event loop, stay as they are while no Worker runs. */
function eventfdCount(): number {
  return [...openFds().values()].filter((target) => target.includes('eventfd')).length;
}

test('a Worker takes over duplicates, answers, and closes only those', async () => {
  using pings = EventFd.create();
  using pongs = EventFd.create({ semaphore: true });
  // What waits keeps a duplicate for the next wait.
  await expect(pongs.read({ timeoutMs: 1 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  const before = eventfdCount();
  for (let round = 1n; round <= 3n; round += 1n) {
    const workerData = { input: pings.duplicateFd(), output: pongs.duplicateFd(), mode: 'echo' };
    const worker = new Worker(fixture, { workerData });
    const exited = once(worker, 'exit');
    pings.add(round);
    for (let one = 0n; one < round; one += 1n) expect(await pongs.read({ timeoutMs: 60_000 })).toBe(1n);
    expect(await exited).toEqual([0]);
    expect([pings.isClosed, eventfdCount()]).toEqual([false, before]);
  }
});

test('Workers ended while they read and write leave no descriptor', async () => {
  using pings = EventFd.create();
  using pongs = EventFd.create();
  const before = eventfdCount();
  for (let round = 0; round < 10; round += 1) {
    const workerData = { input: pings.duplicateFd(), output: pongs.duplicateFd(), mode: 'hold' };
    const worker = new Worker(fixture, { workerData });
    await once(worker, 'message');
    expect(eventfdCount()).toBeGreaterThan(before);
    // In the very moment of a wake-up too.
    if (round % 2 === 0) pings.add();
    await worker.terminate();
    pings.tryRead();
  }
  expect(eventfdCount()).toBe(before);
});
