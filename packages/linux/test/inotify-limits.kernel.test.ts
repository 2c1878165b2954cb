import { needs, runFixture, temporaryDirectory } from '@osx/test-support';
import { expect } from 'vitest';

const fixture = new URL('fixtures/inotify-limits.ts', import.meta.url);

/** Runs the fixture in a user namespace of its own, whose limits nobody else feels. */
async function limited(limit: string, args: string[], setUp = ''): Promise<Record<string, string>> {
  const script = `${setUp} ${limit === '' ? '' : `echo 20 > /proc/sys/user/${limit} &&`} exec "$0" "$@"`;
  const prefix = ['unshare', '--user', '--map-root-user', 'sh', '-c', script];
  const { stdout, stderr } = await runFixture(fixture, args, { prefix });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Record<string, string>;
}

needs('root').test('ENOSPC names the setting that limits watches, not a disk', async () => {
  using directory = temporaryDirectory('inotify', { mode: 0o777 });
  const error = await limited('max_inotify_watches', ['watches', directory.path]);
  expect(error).toMatchObject({ code: 'ENOSPC', syscall: 'inotify_add_watch' });
  expect(error['message']).toMatch(/sysctl fs\.inotify\.max_user_watches = \d+/);
  expect(error['message']).toContain(directory.path);
});

needs('root').test('EMFILE names the setting that limits instances', async () => {
  const error = await limited('max_inotify_instances', ['instances']);
  expect(error).toMatchObject({ code: 'EMFILE', syscall: 'inotify_init1' });
  expect(error['message']).toMatch(/sysctl fs\.inotify\.max_user_instances = \d+/);
});

needs('root').test('EMFILE of the process is told apart from it', async () => {
  const error = await limited('', ['instances'], 'ulimit -n 60 &&');
  expect(error).toMatchObject({ code: 'EMFILE' });
  expect(error['message']).not.toContain('sysctl');
});
