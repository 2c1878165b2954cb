import { join } from 'node:path';

import { expect } from 'vitest';

import { needs, straceInject, temporaryDirectory } from '@osx/test-support';

const fixture = new URL('fixtures/try-once.ts', import.meta.url);

needs('strace').test.each([
  ['EINTR is no answer: asked again', 'EINTR', '0', 'flock'],
  ['EACCES is contention: refused', 'EACCES', '0', 'SystemError ETIMEDOUT flock'],
  ['EACCES is contention: waited for', 'EACCES', undefined, 'flock'],
  ['ENOLCK is an error', 'ENOLCK', undefined, 'SystemError ENOLCK flock'],
  ['EIO is an error', 'EIO', '5000', 'SystemError EIO flock'],
])('%s', async (_, code, timeoutMs, expected) => {
  using directory = temporaryDirectory('errno');
  const args = [join(directory.path, 'lock'), ...(timeoutMs === undefined ? [] : [timeoutMs])];
  const { stdout, injected } = await straceInject(fixture, args, `flock:error=${code}:when=1`);
  expect(injected).toBe(true);
  expect(stdout).toBe(`${expected}\n`);
});
