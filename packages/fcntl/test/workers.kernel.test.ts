import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { lockFile, tryLockFile } from '@osx/fcntl';
import { expectNoNewFds, eventually, openFds, runFixture, temporaryDirectory } from '@osx/test-support';

const fixture = new URL('fixtures/hold-in-worker.ts', import.meta.url);

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory('workers');
  path = join(directory.path, 'lock');
});
afterEach(() => directory[Symbol.dispose]());

function startWorker(options: object = {}): Worker {
  return new Worker(fixture, { workerData: { path, options } });
}

describe.each(['ofd', 'flock'] as const)('%s', (kind) => {
  test('two Workers and the main thread exclude each other', async () => {
    const one = startWorker({ kind });
    expect(await once(one, 'message')).toEqual(['locked']);
    expect(tryLockFile(path, { kind })).toBe(null);
    const two = startWorker({ kind });
    const locked = once(two, 'message');
    one.postMessage('release');
    expect(await locked).toEqual(['locked']);
    expect(tryLockFile(path, { kind })).toBe(null);
    two.postMessage('release');
    (await lockFile(path, { kind })).release();
    await Promise.all([one.terminate(), two.terminate()]);
  });

  test('a Worker that is terminated gives up its lock', async () => {
    const worker = startWorker({ kind });
    expect(await once(worker, 'message')).toEqual(['locked']);
    const waiting = lockFile(path, { kind });
    await worker.terminate();
    using _lock = await waiting;
  });
});

test('POSIX locks do not exclude between the threads of a process: documented', async () => {
  using _lock = await lockFile(path, { kind: 'posix' });
  const worker = startWorker({ kind: 'posix' });
  expect(await once(worker, 'message')).toEqual(['locked']);
  await worker.terminate();
});

test('a Worker that waits and is terminated leaves nothing behind', async () => {
  (await lockFile(path)).release();
  const before = openFds();
  const holder = await lockFile(path);
  for (let round = 0; round < 3; round += 1) {
    const worker = startWorker();
    // Its waiting is seen by its inotify instance.
    await eventually(() => [...openFds().values()].some((target) => target.includes('inotify')));
    await worker.terminate();
  }
  holder.release();
  (await lockFile(path, { timeoutMs: 0 })).release();
  await eventually(() => {
    expectNoNewFds(before);
    return true;
  });
});

test('a Worker that is too busy to be told, and is terminated: the process goes on', async () => {
  const busy = new URL('fixtures/terminate-busy-waiter.ts', import.meta.url);
  const { stdout, stderr, code } = await runFixture(busy, [path]);
  expect({ stdout, stderr, code }).toEqual({ stdout: 'free\n', stderr: '', code: 0 });
});
