import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { forEveryInjection, needs, straceCalls, straceInject, temporaryDirectory } from '@osx/test-support';
import type { InjectionRound } from '@osx/test-support';

const fixture = new URL('./fixtures/naive-replace.ts', import.meta.url);
const { test } = needs('strace');

/** Fails the k-th call in a replacement of a file; each round's value is what the file holds afterwards. */
function replaceUnder(fault: string, way: string): Promise<InjectionRound<string>[]> {
  return forEveryInjection(fault, async (inject) => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    writeFileSync(path, 'old content');
    await inject(fixture, [path, way]);
    return readFileSync(path, 'utf8');
  });
}

test('every call fails once, and the last round runs whole', async () => {
  const rounds = await replaceUnder('fsync:error=EIO', 'rename');
  expect(rounds.map(({ k, injected, value }) => ({ k, injected, value }))).toEqual([
    { k: 1, injected: true, value: 'old content' },
    { k: 2, injected: false, value: 'new content' },
  ]);
  expect(rounds.map(({ result }) => result.stdout)).toEqual(['failed EIO\n', 'done\n']);
});

test('a kill at every write: the rename leaves old or new, the naive way is caught torn', async () => {
  const whole = await replaceUnder('write:signal=KILL', 'rename');
  expect(whole.length).toBeGreaterThan(2);
  for (const { value } of whole) expect(['old content', 'new content']).toContain(value);
  const naive = await replaceUnder('write:signal=KILL', 'naive');
  expect(naive.map(({ value }) => value)).toContain('new ');
  expect(naive.map(({ result }) => result.signal)).toContain('SIGKILL');
});

test('a call that the program never makes is an error, not a loop that proves nothing', async () => {
  await expect(replaceUnder('renameat2:error=EIO', 'rename')).rejects.toThrow('the program makes no such call');
  await expect(replaceUnder('fsync,rename:error=EIO', 'rename')).rejects.toThrow('one system call');
});

test('an error in a round names the fault and shows the trace', async () => {
  const failing = forEveryInjection('fsync:error=EIO', async (inject) => {
    using directory = temporaryDirectory();
    await inject(fixture, [join(directory.path, 'file'), 'rename']);
    throw new Error('found something');
  });
  await expect(failing).rejects.toThrow(/with fsync:error=EIO:when=1: found something[^]*fsync\(/);
});

test('the calls after ready come in their order, without those of the start', async () => {
  using directory = temporaryDirectory();
  const { trace } = await straceInject(fixture, [join(directory.path, 'file'), 'rename'], undefined, {
    whenReady: true,
    trace: 'openat,fsync,rename',
  });
  expect(straceCalls(trace).map(({ name }) => name)).toEqual(['openat', 'fsync', 'rename']);
});
