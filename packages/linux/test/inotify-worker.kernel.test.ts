import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { expectNoNewFds, openFds, temporaryDirectory } from '@osx/test-support';
import { Inotify } from '@osx/linux/inotify';
import { expect, test } from 'vitest';

const fixture = new URL('fixtures/inotify-worker.ts', import.meta.url);

function inotifyFds(): number {
  return [...openFds().values()].filter((target) => target === 'anon_inode:inotify').length;
}

test.each(['close', 'return', 'terminate'])(
  'a Worker that ends by %s gets its events and leaves no descriptor',
  async (mode) => {
    using directory = temporaryDirectory('inotify');
    Inotify.open().close();
    for (let round = 0; round < 5; round += 1) {
      const worker = new Worker(fixture, { workerData: { mode, directory: directory.path } });
      const exited = once(worker, 'exit');
      expect(await once(worker, 'message')).toEqual(['from-worker']);
      if (mode === 'terminate') {
        expect(inotifyFds()).toBeGreaterThan(0);
        await worker.terminate();
      }
      expect(await exited).toEqual([mode === 'terminate' ? 1 : 0]);
    }
    expect(inotifyFds()).toBe(0);
    expectNoNewFds(openFds());
  },
);

test("thirty Workers killed with an instance open do not use up the user's instances", async () => {
  using directory = temporaryDirectory('inotify');
  for (let round = 0; round < 6; round += 1) {
    const workers = Array.from(
      { length: 5 },
      () => new Worker(fixture, { workerData: { mode: 'terminate', directory: directory.path } }),
    );
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  expect(inotifyFds()).toBe(0);
});
