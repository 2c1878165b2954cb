import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { spawnFixture, temporaryDirectory } from '@osx/test-support';
import { expect, test } from 'vitest';

const fixture = new URL('fixtures/inotify-lifetime.ts', import.meta.url);

test.each(['ref', 'ref-again'])('%s: an open instance keeps the process alive', async (mode) => {
  using directory = temporaryDirectory('inotify');
  await using child = await spawnFixture(fixture, [mode, directory.path]);
  writeFileSync(join(directory.path, 'wake'), '');
  expect(await child.nextLine()).toBe('event wake');
  expect(await child.nextLine()).toBe('exit');
  expect(await child.exited).toEqual({ code: 0, signal: null });
});

test('unref: the process ends by itself', async () => {
  using directory = temporaryDirectory('inotify');
  await using child = await spawnFixture(fixture, ['unref', directory.path]);
  expect(await child.nextLine()).toBe('exit');
  expect(await child.exited).toEqual({ code: 0, signal: null });
});
