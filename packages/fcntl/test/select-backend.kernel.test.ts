import { join } from 'node:path';

import { expect, test } from 'vitest';

import { runFixture, spawnFixture, needs, temporaryDirectory } from '@osx/test-support';

const fixture = new URL('fixtures/without-events.ts', import.meta.url);
const waiter = new URL('fixtures/waiter.ts', import.meta.url);
const holder = new URL('fixtures/holder.ts', import.meta.url);

test('without the optional package: a timer finds the lock free', async () => {
  using directory = temporaryDirectory('backend');
  const { stdout, stderr } = await runFixture(fixture, ['not-installed', join(directory.path, 'lock')]);
  expect({ stdout, stderr }).toEqual({ stdout: 'locked\n', stderr: '' });
});

test('a package that is there and broken is no missing package', async () => {
  using directory = temporaryDirectory('backend');
  const { stdout } = await runFixture(fixture, ['broken', join(directory.path, 'lock')]);
  expect(stdout).toBe("Cannot find module 'something-else'\n");
});

needs('strace').test.each(['inotify_init1:error=EMFILE', 'inotify_add_watch:error=ENOSPC'])(
  'inotify refused (%s): a timer finds the lock free',
  async (injection) => {
    using directory = temporaryDirectory('backend');
    const path = join(directory.path, 'lock');
    await using held = await spawnFixture(holder, [path]);
    const prefix = ['strace', '-f', '-o', '/dev/null', '-e', `inject=${injection}`];
    await using waiting = await spawnFixture(waiter, [path], { prefix });
    held.send('release');
    expect(await waiting.nextLine()).toMatch(/^locked/);
  },
);
