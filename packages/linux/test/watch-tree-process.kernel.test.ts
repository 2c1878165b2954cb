import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { watchTree } from '@osx/linux/inotify';
import {
  asUnprivilegedUser,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  spawnFixture,
  temporaryDirectory,
} from '@osx/test-support';
import { describe, expect, test } from 'vitest';

const fixture = (name: string): URL => new URL(`fixtures/${name}.ts`, import.meta.url);

describe('Workers', () => {
  test.each(['close', 'return', 'terminate'])(
    'that end by %s get their events and leave no descriptor',
    async (mode) => {
      using directory = temporaryDirectory('tree');
      watchTree(directory.path).close();
      const before = openFds();
      for (let round = 0; round < 3; round += 1) {
        using own = temporaryDirectory('tree');
        const worker = new Worker(fixture('tree-worker'), { workerData: { mode, directory: own.path } });
        const exited = once(worker, 'exit');
        const [event] = (await once(worker, 'message')) as [object];
        expect(event).toMatchObject({ type: 'create', path: join(own.path, mode, 'a/b/file'), isDirectory: false });
        if (mode === 'terminate') await worker.terminate();
        expect(await exited).toEqual([mode === 'terminate' ? 1 : 0]);
      }
      expectNoNewFds(before);
    },
  );
});

describe('the life of the process', () => {
  test.each(['ref', 'ref-again'])('%s: an open watcher keeps it alive', async (mode) => {
    using directory = temporaryDirectory('tree');
    await using child = await spawnFixture(fixture('tree-lifetime'), [mode, directory.path]);
    writeFileSync(join(directory.path, 'wake'), '');
    expect(await child.nextLine()).toBe('event create');
    expect(await child.nextLine()).toBe('exit');
    expect(await child.exited).toEqual({ code: 0, signal: null });
  });

  test('unref: it ends by itself, also while the tree is still being read', async () => {
    using directory = temporaryDirectory('tree');
    await using child = await spawnFixture(fixture('tree-lifetime'), ['unref', directory.path]);
    expect(await child.nextLine()).toBe('exit');
    expect(await child.exited).toEqual({ code: 0, signal: null });
  });
});

describe('limits', () => {
  needs('root').test.each(['start', 'later', 'callback'])(
    'ENOSPC (%s) names the setting and its value, and ends the watcher',
    async (mode) => {
      using directory = temporaryDirectory('tree', { mode: 0o777 });
      // In a user namespace of its own, whose limits nobody else feels.
      const script = 'echo 20 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"';
      const prefix = ['unshare', '--user', '--map-root-user', 'sh', '-c', script];
      const { stdout, stderr } = await runFixture(fixture('tree-limits'), [mode, directory.path], { prefix });
      expect(stderr).toBe('');
      const error = JSON.parse(stdout) as Record<string, string>;
      expect(error).toMatchObject({ mode, code: 'ENOSPC', syscall: 'inotify_add_watch', isClosed: true });
      expect(error['message']).toMatch(/sysctl fs\.inotify\.max_user_watches = \d+/);
    },
  );

  needs('unprivileged-user').test('a directory that cannot be read is told, and watched once it can', async () => {
    using directory = temporaryDirectory('tree', { mode: 0o777 });
    const { stdout, stderr } = await runFixture(fixture('tree-unreadable'), [directory.path], asUnprivilegedUser);
    expect(stderr).toBe('');
    const denied = (path: string): string => `EACCES: permission denied, inotify_add_watch '${path}'`;
    expect(stdout.trimEnd().split('\n')).toEqual([
      'ready 1',
      `unwatched /tree/locked ${denied('/tree/locked')}`,
      'create /tree/born locked ',
      `unwatched /tree/born locked ${denied('/tree/born locked')}`,
      'create /tree/locked/below ',
      'create /tree/locked/below/file ',
      'change /tree/locked/below/file ',
      'watched 3',
      denied('/tree'),
    ]);
  });
});
