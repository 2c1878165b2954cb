import fs, { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { updateFileAtomic } from '@osx/atomics';
import { tryLockFile, type FileLock } from '@osx/fcntl';
import { eventually, expectNoNewFds, needs, openFds, spawnFixture, temporaryDirectory } from '@osx/test-support';
import { expect, vi } from 'vitest';

const { test } = needs('linux');
const increment = (current: Buffer | null): string => String(Number(current ?? 0) + 1);
const adder = new URL('./fixtures/adder.ts', import.meta.url);

test('reads, changes and writes; the lock file stays and is not locked', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'counter');
  const before = openFds();
  await updateFileAtomic(path, increment);
  await updateFileAtomic(path, async (current) => Promise.resolve(increment(current)));
  expect(readFileSync(path, 'utf8')).toBe('2');
  expect(readdirSync(directory.path).toSorted()).toEqual(['counter', 'counter.lock']);
  tryLockFile(`${path}.lock`)?.release();
  expectNoNewFds(before);
});

test('100 at once in one process: none is lost, and they apply in order', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'list');
  const add = (item: number) =>
    updateFileAtomic(path, (current) => `${String(current ?? '')}${item},`, { durability: 'none' });
  await Promise.all(Array.from({ length: 100 }, (_, item) => add(item)));
  const items = Array.from({ length: 100 }, (_, item) => `${item},`);
  expect(readFileSync(path, 'utf8')).toBe(items.join(''));
});

test(
  'processes that are killed at random lose no acknowledged update and tear nothing',
  { timeout: 60_000 },
  async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'counter');
    let acknowledged = 0;
    for (let round = 0; round < 3; round++) {
      const adders = await Promise.all([1, 2, 3].map(() => spawnFixture(adder, [path])));
      for (const one of adders) one.send('go');
      await eventually(() => Number(readIfThere(path)) > acknowledged + 30, { timeoutMs: 30_000 });
      for (const one of adders) one.kill('SIGKILL');
      await Promise.all(adders.map((one) => one.exited));
      acknowledged += adders.flatMap((one) => one.takeLines()).length;
      // Each of the killed may have written once without having said so.
      const count = Number(readFileSync(path, 'utf8'));
      expect(count).toBeGreaterThanOrEqual(acknowledged);
      expect(count).toBeLessThanOrEqual(acknowledged + 3 * (round + 1));
      acknowledged = count;
    }
  },
);

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '0';
}

test('the order is that of the calls, even when the first look at the file takes longest', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'list');
  const { lstat } = fs;
  const late = (target: string, done: () => void): void => void setTimeout(() => lstat(target, done), 20);
  const spy = vi.spyOn(fs, 'lstat').mockImplementationOnce(late as never);
  try {
    const add = (item: number) => updateFileAtomic(path, (current) => `${String(current ?? '')}${item},`);
    await Promise.all([1, 2, 3].map(add));
  } finally {
    spy.mockRestore();
  }
  expect(readFileSync(path, 'utf8')).toBe('1,2,3,');
});

test('null is no change; what the callback throws is thrown, and the lock is free again', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  await updateFileAtomic(path, () => null);
  expect(existsSync(path)).toBe(false);
  writeFileSync(path, 'old');
  const thrown = new Error('the callback broke');
  await expect(updateFileAtomic(path, () => Promise.reject(thrown))).rejects.toBe(thrown);
  await expect(
    updateFileAtomic(path, () => {
      throw thrown;
    }),
  ).rejects.toBe(thrown);
  await expect(updateFileAtomic(path, () => undefined as never)).rejects.toMatchObject({
    code: 'ERR_INVALID_ARG_TYPE',
  });
  expect(readFileSync(path, 'utf8')).toBe('old');
  await updateFileAtomic(path, (current) => `${String(current)}!`, { timeoutMs: 1000 });
  expect(readFileSync(path, 'utf8')).toBe('old!');
});

test('timeout and abort end the waiting; the holder is not disturbed', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  let finish = (): void => {};
  const holding = updateFileAtomic(path, () => new Promise<string>((resolve) => (finish = () => resolve('held'))));
  const started = finish;
  await eventually(() => finish !== started);
  expect(tryLockFile(`${path}.lock`)).toBe(null);
  await expect(updateFileAtomic(path, () => 'x', { timeoutMs: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT', path });
  const controller = new AbortController();
  const waiting = updateFileAtomic(path, () => 'x', { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  finish();
  await holding;
  expect(readFileSync(path, 'utf8')).toBe('held');
});

test('an abort while the callback runs leaves the file', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  const controller = new AbortController();
  const update = updateFileAtomic(
    path,
    () => {
      controller.abort(new Error('enough'));
      return 'x';
    },
    { signal: controller.signal },
  );
  await expect(update).rejects.toThrow('enough');
  expect(readdirSync(directory.path)).toEqual(['file.lock']);
});

test('all names of a file share one lock', async () => {
  using directory = temporaryDirectory();
  mkdirSync(join(directory.path, 'real'));
  const real = join(directory.path, 'real', 'file');
  const link = join(directory.path, 'link');
  symlinkSync('real/file', link);
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => updateFileAtomic(index % 2 === 0 ? real : link, increment)),
  );
  expect(readFileSync(real, 'utf8')).toBe('20');
  expect(readdirSync(directory.path).toSorted()).toEqual(['link', 'real']);
  expect(readdirSync(join(directory.path, 'real')).toSorted()).toEqual(['file', 'file.lock']);
});

test('a symlink that is turned while we wait: the lock is that of where it leads now', async () => {
  using directory = temporaryDirectory();
  const at = (name: string): string => join(directory.path, name);
  symlinkSync('one', at('link'));
  const one = tryLockFile(at('one.lock'));
  using _two = tryLockFile(at('two.lock')) as FileLock;
  let isCalled = false;
  const update = () => ((isCalled = true), 'x');
  const waiting = updateFileAtomic(at('link'), update, { timeoutMs: 1000 });
  await eventually(() => [...openFds().values()].filter((target) => target === at('one.lock')).length === 2);
  rmSync(at('link'));
  symlinkSync('two', at('link'));
  one?.release();
  await expect(waiting).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  expect(isCalled).toBe(false);
});

test('directories are refused before a lock file is made; missing parents made on demand', async () => {
  using directory = temporaryDirectory();
  await expect(updateFileAtomic(directory.path, () => '')).rejects.toMatchObject({ code: 'EISDIR' });
  expect(existsSync(`${directory.path}.lock`)).toBe(false);
  const path = join(directory.path, 'a', 'b');
  await expect(updateFileAtomic(path, increment)).rejects.toMatchObject({ code: 'ENOENT', path });
  await updateFileAtomic(path, increment, { makeDirectories: true });
  expect(readFileSync(path, 'utf8')).toBe('1');
});

test('a name that leaves no room for .lock is ENAMETOOLONG', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'n'.repeat(251));
  await expect(updateFileAtomic(path, increment)).rejects.toMatchObject({ code: 'ENAMETOOLONG', path });
  expect(readdirSync(directory.path)).toEqual([]);
});

test('beneath a root', async () => {
  using directory = temporaryDirectory();
  const before = openFds();
  const options = { rootDirectory: directory.path, makeDirectories: true };
  await updateFileAtomic('a/file', increment, options);
  await updateFileAtomic('a/file', increment, options);
  expect(readFileSync(join(directory.path, 'a', 'file'), 'utf8')).toBe('2');
  symlinkSync('/etc/passwd', join(directory.path, 'out'));
  await expect(updateFileAtomic('out', increment, options)).rejects.toMatchObject({ code: 'EXDEV' });
  expectNoNewFds(before);
});
