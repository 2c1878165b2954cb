import { closeSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { toCString } from '@osx/native-ffi';
import { IN_CREATE, IN_DELETE_SELF, Inotify } from '@osx/linux/inotify';
import type { InotifyEvent } from '@osx/linux/inotify';
import { needs, temporaryDirectory } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

import { InotifyWatch } from '../src/inotify/inotify-watch.ts';
import { inotifyAddWatch, inotifyRmWatch, openInotifyFd } from '../src/internal/inotify-calls.ts';
import { InotifyReader } from '../src/internal/inotify-reader.ts';
import { WatchTable } from '../src/internal/watch-table.ts';
import { eventsUntil, kernelWatches } from './fixtures/inotify-oracle.ts';
import { withSysctl } from './fixtures/lowered-sysctl.ts';

const KERNEL_QUEUE = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'latin1'));

/** The kernel looks at the setting when an instance is opened, and never again. */
function openWithQueueOf(events: number): Inotify {
  return withSysctl('fs.inotify.max_queued_events', events, () => Inotify.open());
}

function createFiles(directory: string, from: number, to: number): void {
  for (let index = from; index < to; index += 1) writeFileSync(join(directory, `${index}`), '');
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

// In memory: the disk of a busy machine makes a minute of this.
needs('shm').describe('40,000 creations', { timeout: 120_000 }, () => {
  test('read as they come: every one is reported, none twice', async () => {
    using directory = temporaryDirectory('inotify', { on: 'tmpfs' });
    using inotify = Inotify.open();
    inotify.addWatch(directory.path, IN_CREATE);
    const read = eventsUntil(inotify, (event) => event.isOverflow || event.name === '39999');
    for (let index = 0; index < 40_000; index += 1000) {
      createFiles(directory.path, index, index + 1000);
      await turn();
    }
    const names = (await read).map((event) => event.name);
    expect(names).toHaveLength(40_000);
    expect(new Set(names)).toEqual(new Set(readdirSync(directory.path)));
  });

  test('at once, with the event loop blocked: what is lost is announced, and a scan finds it', async () => {
    using directory = temporaryDirectory('inotify', { on: 'tmpfs' });
    using inotify = Inotify.open();
    inotify.addWatch(directory.path, IN_CREATE);
    createFiles(directory.path, 0, 40_000);
    const events = await eventsUntil(inotify, (event) => event.isOverflow);
    expect(events.at(-1)).toMatchObject({ wd: -1, watch: undefined, mask: 0x4000, name: undefined });
    expect(events.slice(0, -1).map((event) => event.name)).toEqual(
      Array.from({ length: KERNEL_QUEUE }, (_, index) => `${index}`),
    );
    expect(readdirSync(directory.path)).toHaveLength(40_000);
    writeFileSync(join(directory.path, 'after'), '');
    expect((await eventsUntil(inotify, () => true))[0]?.name).toBe('after');
  });

  test('nobody takes: reading stops at the bound, the kernel announces the loss, and what was kept is in order', async () => {
    using directory = temporaryDirectory('inotify', { on: 'tmpfs' });
    using inotify = Inotify.open({ maxBufferedEvents: 100 });
    inotify.addWatch(directory.path, IN_CREATE);
    for (let index = 0; index < 40_000; index += 1000) {
      createFiles(directory.path, index, index + 1000);
      await turn();
    }
    const events = await eventsUntil(inotify, (event) => event.isOverflow);
    const names = events.slice(0, -1).map((event) => event.name);
    expect(names).toEqual(Array.from({ length: names.length }, (_, index) => `${index}`));
    // What the kernel held, and at most the bound of what we held.
    expect(names.length).toBeGreaterThan(KERNEL_QUEUE);
    expect(names.length).toBeLessThanOrEqual(KERNEL_QUEUE + 100);
  });
});

describe('a kernel queue of 16', () => {
  needs('root').test('overflows: the event says so, once per loss, and events follow it', async () => {
    using directory = temporaryDirectory('inotify');
    using inotify = openWithQueueOf(16);
    inotify.addWatch(directory.path, IN_CREATE);
    for (let round = 0; round < 3; round += 1) {
      createFiles(directory.path, round * 100, round * 100 + 100);
      const events = await eventsUntil(inotify, (event) => event.isOverflow);
      expect(events.map((event) => event.name)).toEqual([
        ...Array.from({ length: 16 }, (_, index) => `${round * 100 + index}`),
        undefined,
      ]);
    }
  });

  needs('root').test(
    'that swallowed an IN_IGNORED: refreshWatches finds the dead watch, numbers are not mixed up',
    async () => {
      using directory = temporaryDirectory('inotify');
      const watched = join(directory.path, 'watched');
      mkdirSync(watched);
      using inotify = openWithQueueOf(16);
      const parent = inotify.addWatch(directory.path, IN_CREATE);
      const lost = inotify.addWatch(watched, IN_DELETE_SELF);
      const removed = inotify.addWatch(directory.path.replace(/[^/]+$/, ''), IN_CREATE);
      createFiles(directory.path, 0, 100);
      rmSync(watched, { recursive: true });
      inotify.removeWatch(removed);
      const events = await eventsUntil(inotify, (event) => event.isOverflow);
      expect(events).toHaveLength(17);
      expect(events.some((event) => event.watch === lost)).toBe(false);
      expect(lost.isActive).toBe(true);
      expect(inotify.refreshWatches()).toEqual([lost]);
      expect(inotify.watches).toEqual([parent]);
      expect(kernelWatches(inotify).map(({ wd }) => wd)).toEqual([parent.wd]);
      createFiles(directory.path, 100, 101);
      expect((await eventsUntil(inotify, () => true))[0]).toMatchObject({ watch: parent, name: '100' });
    },
  );

  needs('root').test('that swallowed an IN_IGNORED leaves no number waiting for it', async () => {
    using directory = temporaryDirectory('inotify');
    const fd = withSysctl('fs.inotify.max_queued_events', 16, openInotifyFd);
    const table = new WatchTable();
    const watches = ['a', 'b'].map((name) => {
      const path = join(directory.path, name);
      mkdirSync(path);
      const watch = new InotifyWatch({ removeWatch: () => false }, inotifyAddWatch(fd, toCString(path), IN_CREATE));
      table.add(watch);
      return watch;
    });
    createFiles(join(directory.path, 'a'), 0, 100);
    for (const watch of watches) {
      expect(inotifyRmWatch(fd, watch.wd)).toBe(0);
      table.end(watch);
    }
    expect(table.endingCount).toBe(2);
    const { promise, resolve } = Promise.withResolvers<void>();
    const reader = new InotifyReader(fd, {
      bufferBytes: 65_536,
      table,
      deliver: (event) => event.isOverflow && setImmediate(resolve),
      freeSlots: () => Infinity,
      fail: (error) => expect.unreachable(error.message),
    });
    await promise;
    reader.close();
    closeSync(fd);
    expect(table.endingCount).toBe(0);
  });

  needs('root').test('is not delivered to a callback that has closed the instance', async () => {
    using directory = temporaryDirectory('inotify');
    const seen: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const inotify = withSysctl('fs.inotify.max_queued_events', 16, () =>
      Inotify.open({
        onEvent: (event) => {
          seen.push(event.name);
          inotify.close();
          setImmediate(resolve);
        },
      }),
    );
    inotify.addWatch(directory.path, IN_CREATE);
    createFiles(directory.path, 0, 100);
    await promise;
    expect(seen).toEqual(['0']);
  });

  needs('root').test('reaches the callback too', async () => {
    using directory = temporaryDirectory('inotify');
    const { promise, resolve } = Promise.withResolvers<InotifyEvent>();
    using inotify = withSysctl('fs.inotify.max_queued_events', 16, () =>
      Inotify.open({ onEvent: (event) => event.isOverflow && resolve(event) }),
    );
    inotify.addWatch(directory.path, IN_CREATE);
    createFiles(directory.path, 0, 100);
    expect((await promise).maskNames).toEqual(['IN_Q_OVERFLOW']);
  });
});

needs('shm').test('a flood does not keep the event loop from other work', async () => {
  using directory = temporaryDirectory('inotify', { on: 'tmpfs' });
  let taken = 0;
  const batches: number[] = [];
  using inotify = Inotify.open({ onEvent: () => (taken += 1) });
  inotify.addWatch(directory.path, IN_CREATE);
  createFiles(directory.path, 0, KERNEL_QUEUE);
  while (taken < KERNEL_QUEUE) {
    const before = taken;
    await turn();
    batches.push(taken - before);
  }
  // 4 reads of 64 KiB, 32 bytes an event: the rest waits for the next turn.
  expect(Math.max(...batches)).toBeLessThanOrEqual((4 * 65_536) / 32);
  expect(batches.filter((count) => count > 0).length).toBeGreaterThan(1);
});
