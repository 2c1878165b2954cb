import { needs, runFixture } from '@osx/test-support';
import { expect } from 'vitest';

const { test } = needs('ns-last-pid', 'pid-namespace');
const fixture = new URL('fixtures/pid-given-away.ts', import.meta.url);
const prefix = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', '--'];

test('a stranger that has the pid of a child is not signalled', { timeout: 120_000 }, async () => {
  const { stdout, stderr } = await runFixture(fixture, [], { prefix, timeoutMs: 100_000 });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ reused: true, lives: true });
});
