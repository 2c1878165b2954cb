import { closeSync, openSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { lockFile, setRecordLock, tryLockFile } from '@osx/fcntl';
import { eventually, needs, openFds, spawnFixture, temporaryDirectory, threadCount } from '@osx/test-support';

import { python } from './fixtures/python.ts';

const holderFixture = new URL('fixtures/holder.ts', import.meta.url);
const waiterFixture = new URL('fixtures/waiter.ts', import.meta.url);

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory('waiting');
  path = join(directory.path, 'lock');
});
afterEach(() => directory[Symbol.dispose]());

describe('1,000 waiters in one thread', () => {
  test('no thread each, fs answers meanwhile, and all are served in order', async () => {
    const holder = await lockFile(path);
    await readFile('/dev/null');
    const threads = threadCount();
    const order: number[] = [];
    const all = Array.from({ length: 1_000 }, async (_, index) => {
      const lock = await lockFile(path);
      order.push(index);
      lock.release();
    });
    expect(await readFile('/proc/self/comm', 'utf8')).not.toBe('');
    expect(await readFile(import.meta.filename, 'utf8')).toContain('1,000 waiters');
    expect(threadCount()).toBe(threads);
    holder.release();
    await Promise.all(all);
    expect(order).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
  });

  test('abort and timeout free the slot at once', async () => {
    const holder = await lockFile(path);
    const before = openFds().size;
    const controller = new AbortController();
    const all = Array.from({ length: 1_000 }, (_, index) =>
      lockFile(path, index % 2 === 0 ? { signal: controller.signal } : { timeoutMs: 20 }),
    );
    const settled = Promise.allSettled(all);
    const last = lockFile(path);
    expect(openFds().size).toBeGreaterThanOrEqual(before + 1_001);
    const reason = new Error('enough');
    controller.abort(reason);
    const results = await settled;
    expect(results.filter((result) => result.status === 'rejected' && result.reason === reason)).toHaveLength(500);
    expect(results.filter((result) => result.status === 'rejected' && result.reason.code === 'ETIMEDOUT')).toHaveLength(
      500,
    );
    // The last waiter and the inotify instance.
    expect(openFds().size).toBeLessThanOrEqual(before + 4);
    holder.release();
    (await last).release();
  });

  test('one that gives up lets those behind it go', async () => {
    using _holder = await lockFile(path, { shared: true });
    const order: string[] = [];
    const exclusive = lockFile(path, { timeoutMs: 20 }).catch((error: unknown) => {
      order.push('gave up');
      return error;
    });
    const shared = lockFile(path, { shared: true }).then((lock) => {
      order.push('shared');
      return lock;
    });
    expect(await exclusive).toMatchObject({ code: 'ETIMEDOUT' });
    (await shared).release();
    expect(order).toEqual(['gave up', 'shared']);
  });

  test('one that is aborted lets those behind it go at once', async () => {
    using _holder = await lockFile(path, { shared: true });
    const controller = new AbortController();
    const exclusive = lockFile(path, { signal: controller.signal });
    let hasShared = false;
    const shared = lockFile(path, { shared: true }).then((lock) => {
      hasShared = true;
      return lock;
    });
    controller.abort();
    await expect(exclusive).rejects.toThrow('aborted');
    // Only microtasks have run: neither an event nor a timer.
    expect(hasShared).toBe(true);
    (await shared).release();
  });

  test('the last one keeps the process alive', async () => {
    await using holder = await spawnFixture(holderFixture, [path]);
    await using waiter = await spawnFixture(waiterFixture, [path]);
    holder.send('release');
    expect(await waiter.nextLine()).toMatch(/^locked/);
  });
});

describe('another process holds it', () => {
  test('released: the waiter is told', async () => {
    await using holder = await spawnFixture(holderFixture, [path]);
    const waiting = lockFile(path);
    expect(tryLockFile(path)).toBe(null);
    const sent = performance.now();
    holder.send('release');
    using _lock = await waiting;
    console.log(`hand-over after release, from the request to release on: ${(performance.now() - sent).toFixed(2)} ms`);
    expect(await holder.nextLine()).toBe('released');
  });

  // The kernel may report the close while the lock is still there for a moment: then only a timer would help.
  test('the event is enough, without any timer', { retry: 2 }, async () => {
    await using holder = await spawnFixture(holderFixture, [path]);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const waiting = lockFile(path);
      holder.send('release');
      (await waiting).release();
    } finally {
      vi.useRealTimers();
    }
  });

  test('killed: the waiter proceeds', async () => {
    await using holder = await spawnFixture(holderFixture, [path]);
    const waiting = lockFile(path);
    const killed = performance.now();
    holder.kill('SIGKILL');
    using _lock = await waiting;
    console.log(`hand-over after SIGKILL: ${(performance.now() - killed).toFixed(2)} ms`);
  });

  test('stopped: it keeps the lock, however long', async () => {
    await using holder = await spawnFixture(holderFixture, [path]);
    holder.kill('SIGSTOP');
    await eventually(() => readFileSync(`/proc/${holder.pid}/stat`, 'latin1').includes(') T '));
    await expect(lockFile(path, { timeoutMs: 1_500 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    holder.kill('SIGCONT');
    holder.send('release');
    (await lockFile(path)).release();
  });

  test('shared by two: an exclusive waiter waits for both', async () => {
    await using one = await spawnFixture(holderFixture, [path, '{"shared":true}']);
    await using two = await spawnFixture(holderFixture, [path, '{"shared":true}']);
    const waiting = lockFile(path);
    one.send('release');
    expect(await one.nextLine()).toBe('released');
    expect(tryLockFile(path)).toBe(null);
    two.kill('SIGKILL');
    using _lock = await waiting;
  });

  needs('python3').test('unlocked without a close, which no event tells: the timer finds out', async () => {
    const program = `
import fcntl, sys
file = open(sys.argv[1], 'w')
fcntl.lockf(file, fcntl.LOCK_EX)
print('ready')
for line in sys.stdin:
    fcntl.lockf(file, fcntl.LOCK_UN)
    print('unlocked')
`;
    await using holder = await python(program, path);
    const waiting = lockFile(path);
    expect(tryLockFile(path)).toBe(null);
    holder.send('unlock');
    expect(await holder.nextLine()).toBe('unlocked');
    using _lock = await waiting;
  });

  test('somebody who opens and closes the file does not disturb', async () => {
    await using holder = await spawnFixture(holderFixture, [path]);
    const waiting = lockFile(path);
    for (let round = 0; round < 100; round += 1) {
      closeSync(openSync(path, 'r'));
      if (round % 10 === 0) await new Promise(setImmediate);
    }
    expect(tryLockFile(path)).toBe(null);
    holder.send('release');
    using _lock = await waiting;
  });
});

describe('the path leads elsewhere meanwhile', () => {
  const changes: [string, () => void][] = [
    ['unlinked', () => unlinkSync(path)],
    ['renamed away', () => renameSync(path, `${path}.old`)],
    [
      'replaced by rename',
      () => {
        writeFileSync(`${path}.new`, '');
        renameSync(`${path}.new`, path);
      },
    ],
  ];

  test.each(changes)('%s: the waiter locks the new file, without waiting for the old holder', async (_, change) => {
    await using _holder = await spawnFixture(holderFixture, [path]);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const waiting = lockFile(path);
      change();
      using _lock = await waiting;
      expect(tryLockFile(path)).toBe(null);
    } finally {
      vi.useRealTimers();
    }
  });

  test.each(changes)('%s while locks are handed over: never two holders', async (_, change) => {
    const holder = await lockFile(path);
    const waiting = lockFile(path);
    change();
    using winner = await lockFile(path);
    holder.release();
    let waiterHasIt = false;
    const later = waiting.then((lock) => {
      waiterHasIt = true;
      return lock;
    });
    await new Promise(setImmediate);
    expect(waiterHasIt).toBe(false);
    winner.release();
    (await later).release();
  });

  test('mutant: a locker that does not look at the path again holds what excludes nobody', async () => {
    const holder = await lockFile(path);
    const naive = openSync(path, 'r+');
    unlinkSync(path);
    holder.release();
    expect(() => setRecordLock(naive, { type: 'write' }, { kind: 'ofd' })).not.toThrow();
    using second = tryLockFile(path);
    expect(second).not.toBe(null);
    closeSync(naive);
  });

  test('with create: false, a waiter whose file was unlinked is told ENOENT', async () => {
    using _holder = await lockFile(path);
    const waiting = lockFile(path, { create: false });
    unlinkSync(path);
    await expect(waiting).rejects.toMatchObject({ code: 'ENOENT', path });
  });

  test('all waiters move to the new file, in order', async () => {
    const holder = await lockFile(path);
    const order: number[] = [];
    const all = Array.from({ length: 10 }, async (_, index) => {
      const lock = await lockFile(path);
      order.push(index);
      lock.release();
    });
    unlinkSync(path);
    await Promise.all(all);
    expect(order).toEqual(Array.from({ length: 10 }, (_, index) => index));
    holder.release();
  });
});
