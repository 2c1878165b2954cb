import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { MemFd } from '@osx/linux/memfd';
import { openFds } from '@osx/test-support';
import { expect, test } from 'vitest';

const fixture = new URL('fixtures/memfd-worker.ts', import.meta.url);

function memfds(): string[] {
  return [...openFds().values()].filter((target) => target.startsWith('/memfd:'));
}

test.each(['return', 'exit', 'terminate'])('a Worker’s memfds are closed at its end by %s', async (mode) => {
  MemFd.fromBytes('').close();
  const worker = new Worker(fixture, { workerData: { mode } });
  const exited = once(worker, 'exit');
  const [{ seals, text, path }] = (await once(worker, 'message')) as [{ seals: string[]; text: string; path: string }];
  expect([seals, text]).toEqual([['write'], 'message']);
  expect(path).toMatch(`/proc/${process.pid}/fd/`);
  if (mode === 'terminate') {
    expect(memfds()).toHaveLength(2);
    await worker.terminate();
  }
  await exited;
  expect(memfds()).toEqual([]);
});
