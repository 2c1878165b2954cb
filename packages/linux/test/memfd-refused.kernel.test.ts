import { needs, runFixture, straceInject } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

const probe = new URL('fixtures/limits-probe.ts', import.meta.url);

describe('a kernel that lacks', () => {
  const seccomp = 'and no seccomp filter against it';
  needs('strace').test.each([
    ['memfd_create', 'memfd_create:error=ENOSYS', 'default', `ENOTSUP Linux 3.17, ${seccomp}`],
    ['MFD_EXEC', 'memfd_create:error=EINVAL', 'executable', 'ENOTSUP Linux 6.3'],
    ['MFD_NOEXEC_SEAL', 'memfd_create:error=EINVAL', 'unexecutable', 'ENOTSUP Linux 6.3'],
    ['neither, though', 'memfd_create:error=EINVAL', 'default', 'EINVAL memfd_create'],
    ['MFD_HUGETLB', 'memfd_create:error=EINVAL', 'huge', 'ENOTSUP Linux 4.14, and 4.16 for a sealable one'],
    ['hugetlbfs', 'memfd_create:error=ENOSYS', 'huge', 'ENOTSUP a kernel with CONFIG_HUGETLBFS'],
    ['F_SEAL_FUTURE_WRITE', 'fcntl:error=EINVAL:when=1', 'seal-future', 'ENOTSUP Linux 5.1'],
    ['F_SEAL_EXEC', 'fcntl:error=EINVAL:when=1', 'seal-exec', 'ENOTSUP Linux 6.3'],
    ['none of the seals', 'fcntl:error=EINVAL:when=1', 'seal-write', 'EINVAL fcntl'],
  ])('%s says so', async (_, inject, what, expected) => {
    const { stdout, injected } = await straceInject(probe, [what, 'wait'], inject, { whenReady: true });
    expect(injected).toBe(true);
    expect(stdout).toBe(`${expected}\n`);
  });
});

needs('strace').test.each([
  ['pwrite64:error=ENOSPC', 'ENOSPC write'],
  ['fcntl:error=EBUSY', 'EBUSY fcntl'],
])('a message that fails at %s leaves no descriptor open', async (inject, expected) => {
  const { stdout, injected } = await straceInject(probe, ['message-leaks', 'wait'], inject, { whenReady: true });
  expect(injected).toBe(true);
  expect(stdout).toBe(`${expected}\n`);
});

needs('strace').test('a write that the kernel cuts short goes on', async () => {
  const inject = 'pwrite64:retval=4:when=1';
  const { stdout, trace } = await straceInject(probe, ['write', 'wait'], inject, { whenReady: true });
  expect(stdout).toBe('done\n');
  const calls = [...trace.matchAll(/pwrite64\(\d+<[^>]*>(?:\(deleted\))?, "(\w+)", (\d+), (\d+)\)/g)];
  expect(calls.map(([, bytes, count, at]) => [bytes, count, at])).toEqual([
    ['0123456789', '10', '0'],
    ['456789', '6', '4'],
  ]);
});

test('EMFILE at the limit of the process', async () => {
  // Enough for Node itself; the probe fills the rest.
  const prefix = ['sh', '-c', 'ulimit -n 64 && exec "$0" "$@"'];
  const { stdout } = await runFixture(probe, ['fill'], { prefix });
  expect(stdout).toBe('EMFILE memfd_create\n');
});
