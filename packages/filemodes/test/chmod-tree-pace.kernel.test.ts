import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'vitest';

import { chmodTree } from '@osx/filemodes';
import { hasCapability, needs, runFixture, temporaryDirectory, threadCount } from '@osx/test-support';

const slowChmod = new URL('fixtures/slow-chmod.ts', import.meta.url);

needs('strace').test('where each chmod takes 10 ms, the event loop goes on meanwhile', async () => {
  using directory = temporaryDirectory('slow');
  const calls = '?chmod,?fchmodat';
  const prefix = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e'];
  const { stdout, stderr } = await runFixture(slowChmod, [directory.path], {
    prefix: [...prefix, `inject=${calls}:delay_enter=10000`],
  });
  expect(stderr).toBe('');
  const { changed, turns } = JSON.parse(stdout) as { changed: number; turns: number };
  expect(changed).toBe(100);
  // On this thread each of them would take a turn, and there would be no other.
  expect(turns).toBeGreaterThan(300);
});

needs('linux').test(
  'a tree of 6,000 names: the event loop has its turns, the pool its threads free, and no thread is new',
  async () => {
    using directory = temporaryDirectory('pace', { on: hasCapability('shm') ? 'tmpfs' : 'disk' });
    for (let index = 0; index < 60; index += 1) {
      mkdirSync(join(directory.path, String(index)));
      for (let file = 0; file < 100; file += 1) writeFileSync(join(directory.path, String(index), String(file)), '');
    }
    await Promise.all(Array.from({ length: 8 }, () => readFile('/proc/self/comm')));
    const threads = threadCount();
    let isWalking = true;
    const walks = Promise.all(
      Array.from({ length: 3 }, () => chmodTree(directory.path, { files: 'u=rw,go=r', directories: 'u=rwx,go=rx' })),
    ).finally(() => (isWalking = false));
    let turns = 0;
    let reads = 0;
    const reading = (async () => {
      while (isWalking) {
        await readFile('/proc/self/comm');
        reads += 1;
      }
    })();
    while (isWalking) {
      await new Promise((resolve) => setImmediate(resolve));
      turns += 1;
    }
    const results = await walks;
    await reading;
    expect(results.map(({ errors }) => errors)).toEqual([[], [], []]);
    expect(results.map(({ changed, unchanged }) => changed + unchanged)).toEqual([6_061, 6_061, 6_061]);
    expect(turns).toBeGreaterThan(10);
    expect(reads).toBeGreaterThan(2);
    expect(threadCount()).toBeLessThanOrEqual(threads);
  },
);
