import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { Epoll, EPOLLIN } from '@osx/linux/epoll';
import { EventFd } from '@osx/linux/eventfd';
import { openFds } from '@osx/test-support';
import { expect, test } from 'vitest';

const fixture = new URL('fixtures/epoll-worker.ts', import.meta.url);

/** Descriptors of either kind; the event loops of Node have epolls of their own. */
function count(): number {
  return [...openFds().values()].filter((target) => /eventpoll|eventfd/.test(target)).length;
}

test.each(['close', 'return', 'terminate'])(
  'a Worker that ends by %s is woken by the main thread through a duplicate, and leaves no descriptor',
  async (mode) => {
    using eventfd = EventFd.create();
    using epoll = Epoll.create();
    epoll.add(eventfd, EPOLLIN);
    // What koffi and libuv keep for good is there after the first Worker.
    for (const round of ['first', 'second', 'third', 'fourth']) {
      const before = count();
      const worker = new Worker(fixture, { workerData: { fd: eventfd.duplicateFd(), mode } });
      const exited = once(worker, 'exit');
      expect(await once(worker, 'message')).toEqual(['waiting']);
      eventfd.add(3);
      expect(await once(worker, 'message')).toEqual([{ data: 11n, value: 3n }]);
      if (mode === 'terminate') {
        expect(await once(worker, 'message')).toEqual(['waiting again']);
        expect(count()).toBeGreaterThan(before);
        await worker.terminate();
      }
      expect(await exited).toEqual([mode === 'terminate' ? 1 : 0]);
      if (round !== 'first') expect(count()).toBe(before);
    }
    expect(epoll.poll()).toEqual([]);
    eventfd.add();
    expect(epoll.poll()).toHaveLength(1);
  },
);
