import { needs, runFixture, straceInject } from '@osx/test-support';
import { expect, test } from 'vitest';

const fixture = new URL('fixtures/epoll-probe.ts', import.meta.url);

needs('strace').test.each([
  ['create', 'epoll_create1:error=ENOSYS', /^ENOTSUP Linux 2\.6\.27, and no seccomp filter against it$/],
  ['create', 'epoll_create1:error=EINVAL', /^EINVAL epoll_create1 /],
  ['create', 'epoll_create1:error=EMFILE', /^EMFILE epoll_create1 /],
  ['add', 'epoll_ctl:error=ENOSPC', /^ENOSPC epoll_ctl .*sysctl fs\.epoll\.max_user_watches = \d+/],
  ['add', 'epoll_ctl:error=ENOMEM', /^ENOMEM epoll_ctl /],
])('%s under %s', async (what, inject, expected) => {
  const { stdout, injected } = await straceInject(fixture, [what, 'hold'], inject, { whenReady: true });
  expect(injected).toBe(true);
  expect(stdout.trim()).toMatch(expected);
});

needs('strace').test('a wait that a signal interrupts is repeated', async () => {
  const inject = 'epoll_wait:error=EINTR:when=1';
  const { stdout, injected } = await straceInject(fixture, ['wait', 'hold'], inject, { whenReady: true });
  expect([injected, stdout]).toEqual([true, 'done\n']);
});

test('a wait keeps the process alive', async () => {
  expect((await runFixture(fixture, ['ref'])).stdout).toMatch(/^ETIMEDOUT /);
});

test.each(['unref', 'unref-loop', 'unref-later', 'unref-rebuild'])('%s: the process ends by itself', async (what) => {
  expect(await runFixture(fixture, [what])).toMatchObject({ code: 0, stdout: 'done\n' });
});
