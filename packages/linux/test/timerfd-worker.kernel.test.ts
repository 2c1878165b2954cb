import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { TimerFd } from '@osx/linux/timerfd';
import { expectNoNewFds, openFds } from '@osx/test-support';
import { expect, test } from 'vitest';

const fixture = new URL('fixtures/timerfd-worker.ts', import.meta.url);

function timerFds(): number {
  return [...openFds().values()].filter((target) => target.includes('timerfd')).length;
}

test.each(['close', 'return', 'terminate'])('timers of a Worker that ends by %s tick, and are gone', async (mode) => {
  TimerFd.create().close();
  for (let round = 0; round < 5; round += 1) {
    const worker = new Worker(fixture, { workerData: mode });
    const exited = once(worker, 'exit');
    expect(await once(worker, 'message')).toEqual([{ read: 1n, ticks: 3 }]);
    if (mode === 'terminate') {
      expect(timerFds()).toBeGreaterThan(0);
      await worker.terminate();
    }
    expect(await exited).toEqual([mode === 'terminate' ? 1 : 0]);
  }
  expect(timerFds()).toBe(0);
  expectNoNewFds(openFds());
});
