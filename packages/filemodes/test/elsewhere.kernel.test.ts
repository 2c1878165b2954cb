import { statSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { needs, runFixture, temporaryDirectory } from '@osx/test-support';

const fixture = new URL('fixtures/elsewhere.ts', import.meta.url);

async function factsOf(platform: string, prefix: readonly string[] = []): Promise<Record<string, unknown>> {
  using directory = temporaryDirectory('elsewhere');
  const { stdout, stderr } = await runFixture(fixture, [platform, directory.path], { prefix });
  expect(stderr).toBe('');
  expect(statSync(join(directory.path, 'file')).mode & 0o777).toBe(0o600);
  return JSON.parse(stdout) as Record<string, unknown>;
}

test('on a system without O_PATH the tree is refused, and the rest works', async () => {
  expect(await factsOf('freebsd')).toEqual({
    umask: 0o027,
    tree: expect.stringMatching(/^ENOTSUP: .*\(requires Linux: O_PATH and \/proc\/self\/fd\), chmodTree$/),
    flags: 2,
    closeOnExec: expect.stringMatching(/^ENOTSUP: .*\(requires Linux or macOS\), O_CLOEXEC by number$/),
    fromFlags: 'r+',
    permissions: 0o200,
  });
});

needs('linux', 'root', 'mount').test(
  'without /proc the umask is asked of a shell, and the tree is refused',
  async () => {
    const script = 'while [ -e /proc/self ]; do umount --lazy /proc || exit; done; exec "$@"';
    const prefix = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script, 'sh'];
    const { umask, tree, permissions } = await factsOf('linux', prefix);
    expect({ umask, tree, permissions }).toEqual({
      umask: 0o027,
      tree: expect.stringMatching(/^ENOTSUP: .*\(requires \/proc to be mounted\), chmodTree$/),
      permissions: 0o200,
    });
  },
);
