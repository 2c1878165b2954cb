import { join } from 'node:path';

import { expect, test } from 'vitest';

import { needs, runFixture, spawnFixture, temporaryDirectory } from '@osx/test-support';

const fixture = new URL('fixtures/without-backend.ts', import.meta.url);
const holder = new URL('fixtures/holder.ts', import.meta.url);
const pinner = new URL('fixtures/pin.ts', import.meta.url);

test('without the optional package: locked and written, refused with the owner, and pinning says what it takes', async () => {
  using directory = temporaryDirectory('backend');
  const { stdout, stderr } = await runFixture(fixture, [join(directory.path, 'job.pid')]);
  expect(stderr).toBe('');
  const [written, refused, late, pinned] = stdout.split('\n');
  expect(written).toBe('true undefined');
  expect(refused).toMatch(/^SystemError EEXIST .* OWNER$/);
  expect(late).toMatch(/^SystemError ETIMEDOUT .* OWNER$/);
  expect(pinned).toMatch(/^UnsupportedError ENOTSUP .*the package @osx\/linux.*--omit=optional/);
});

test('a package that is there and broken is no missing package', async () => {
  using directory = temporaryDirectory('backend');
  const { stdout } = await runFixture(fixture, [join(directory.path, 'job.pid'), 'something-else']);
  expect(stdout).toMatch(/^Error MODULE_NOT_FOUND Cannot find module 'something-else'/);
});

needs('strace').test.each(['inotify_init1:error=EMFILE', 'inotify_add_watch:error=ENOSPC'])(
  'inotify refused (%s): a timer finds the record',
  async (injection) => {
    using directory = temporaryDirectory('backend');
    const path = join(directory.path, 'job.pid');
    await using daemon = await spawnFixture(holder, [path]);
    daemon.send('clear');
    await daemon.nextLine();
    const prefix = ['strace', '-f', '-o', '/dev/null', '-e', `inject=${injection}`];
    const pinning = runFixture(pinner, [path, '', '{"timeoutMs":30000}'], { prefix });
    await new Promise((resolve) => setTimeout(resolve, 500));
    daemon.send('write');
    expect(JSON.parse((await pinning).stdout)).toMatchObject({ pid: daemon.pid });
  },
);
