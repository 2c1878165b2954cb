import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { needs, straceInject, temporaryDirectory } from '@osx/test-support';

const fixture = new URL('./fixtures/write-and-sync.ts', import.meta.url);
const { test } = needs('strace');

test('an error is injected into the k-th call and seen by the program', async () => {
  using directory = temporaryDirectory();
  const result = await straceInject(fixture, [join(directory.path, 'f')], 'fsync:error=EIO:when=1', {
    trace: 'rename',
  });
  expect(result).toMatchObject({ code: 0, stdout: 'EIO\n', injected: true });
  expect(result.trace).toMatch(/fsync\(.*= -1 EIO[^]*rename\(/);
});

test('a count that is never reached injects nothing and says so', async () => {
  using directory = temporaryDirectory();
  const result = await straceInject(fixture, [join(directory.path, 'f')], 'fsync:error=EIO:when=2');
  expect(result).toMatchObject({ code: 0, stdout: 'synced\n', injected: false });
});

test('SIGKILL at a call leaves what was done before it', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'f');
  const result = await straceInject(fixture, [path], 'rename:signal=KILL:when=1');
  expect(result).toMatchObject({ signal: 'SIGKILL', injected: true, stdout: 'synced\n' });
  expect(existsSync(path)).toBe(false);
  expect(existsSync(`${path}.new`)).toBe(true);
});

test.each(['fsync:signal=USR2:when=1', 'fsync:delay_enter=1000:when=1', 'fsync:retval=0:when=1'])(
  'it is seen that %s was injected',
  async (inject) => {
    using directory = temporaryDirectory();
    const result = await straceInject(fixture, [join(directory.path, 'f')], inject);
    expect(result.injected).toBe(true);
  },
);

test('a mistake in the expression is an error, not a run without a fault', async () => {
  using directory = temporaryDirectory();
  const run = straceInject(fixture, [join(directory.path, 'f')], 'no_such_call:error=EIO');
  await expect(run).rejects.toThrow(/invalid system call 'no_such_call'/);
});
