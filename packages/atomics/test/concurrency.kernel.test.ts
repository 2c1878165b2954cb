import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { writeFileAtomic } from '@osx/atomics';
import { eventually, mountTmpfs, needs, spawnFixture, temporaryDirectory } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

import { twins } from './twins.ts';

const writer = new URL('./fixtures/whole-writer.ts', import.meta.url);

/** Content that proves itself whole: one byte repeated, as often as it says. */
function isWhole(content: Buffer): boolean {
  return (
    content.length > 0 &&
    content.length === 10_000 + (content[0] as number) &&
    content.every((byte) => byte === content[0])
  );
}

test('4 writers and 2 readers on one path: never a mix, never missing', { timeout: 60_000 }, async () => {
  using directory = temporaryDirectory('osx-test', existsSync('/dev/shm') ? { on: 'tmpfs' } : {});
  const path = join(directory.path, 'file');
  writeFileSync(path, Buffer.alloc(10_001, 1));
  await using a = await spawnFixture(writer, [path, 'async']);
  await using b = await spawnFixture(writer, [path, 'sync']);
  a.send('go');
  b.send('go');
  let mine = 0;
  let reads = 0;
  const until = performance.now() + 1500;
  const write = async (value: number): Promise<void> => {
    while (performance.now() < until) {
      await writeFileAtomic(path, Buffer.alloc(10_000 + value, value), { durability: 'none' });
      mine++;
    }
  };
  const read = async (): Promise<void> => {
    while (performance.now() < until) {
      const content = await readFile(path);
      if (!isWhole(content)) throw new Error(`torn: ${content.length} bytes`);
      reads++;
    }
  };
  await Promise.all([write(7), write(8), read(), read()]);
  for (const one of [a, b]) {
    one.kill('SIGKILL');
    await one.exited;
    expect(one.takeLines().length).toBeGreaterThan(0);
  }
  expect(mine).toBeGreaterThan(10);
  expect(reads).toBeGreaterThan(10);
});

test('writes of one process to one path apply in the order of the calls, whatever their size', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  const sizes = [5_000_000, 1, 3_000_000, 2, 0, 100_000];
  for (let round = 0; round < 3; round++) {
    const settled: number[] = [];
    await Promise.all(
      sizes.map(async (size, index) => {
        const spelling =
          index % 2 === 0 ? path : join(directory.path, '.', 'x', '..', 'file').replace('file', './file');
        await writeFileAtomic(spelling, Buffer.alloc(size), { durability: 'none' });
        settled.push(index);
      }),
    );
    expect(settled).toEqual([0, 1, 2, 3, 4, 5]);
    expect(statSync(path).size).toBe(100_000);
  }
});

test('a write that fails or is aborted does not hold up those behind it, nor let them overtake', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  const controller = new AbortController();
  const order: string[] = [];
  const note = (name: string) => () => void order.push(name);
  const first = writeFileAtomic(path, Buffer.alloc(3_000_000)).then(note('first'));
  const aborted = writeFileAtomic(path, 'aborted', { signal: controller.signal }).catch(note('aborted'));
  const failed = writeFileAtomic(path, 'failed', { exclusive: true }).catch(note('failed'));
  const last = writeFileAtomic(path, 'last').then(note('last'));
  controller.abort();
  await Promise.all([first, aborted, failed, last]);
  expect(order).toEqual(['aborted', 'first', 'failed', 'last']);
  expect(readFileSync(path, 'utf8')).toBe('last');
});

test('an abort at any moment: old or new, nothing left, the reason or success', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  writeFileSync(path, 'old');
  const seen = new Set<string>();
  for (let turn = 0; turn < 60 || !seen.has('done'); turn++) {
    const controller = new AbortController();
    const reason = new Error('enough');
    const before = readFileSync(path, 'utf8');
    const writing = writeFileAtomic(path, `new ${turn}`, { signal: controller.signal }).then(
      () => 'done',
      (error: unknown) => (error === reason ? 'aborted' : String(error)),
    );
    for (let wait = 0; wait < turn * turn; wait++) await new Promise((resolve) => void setImmediate(resolve));
    controller.abort(reason);
    const end = await writing;
    seen.add(end);
    expect(readFileSync(path, 'utf8')).toBe(end === 'done' ? `new ${turn}` : before);
    expect(readdirSync(directory.path)).toEqual(['file']);
  }
  expect([...seen].toSorted()).toEqual(['aborted', 'done']);
});

test('two Workers share a pid and do not disturb each other', { timeout: 60_000 }, async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  const workers = [1, 2].map(
    () => new Worker(new URL('./fixtures/worker-writer.ts', import.meta.url), { workerData: path }),
  );
  const codes = await Promise.all(workers.map((one) => new Promise((resolve) => one.once('exit', resolve))));
  expect(codes).toEqual([0, 0]);
  expect(isWhole(readFileSync(path))).toBe(true);
  expect(readdirSync(directory.path)).toEqual(['file']);
});

describe.each(twins)('%s on a full disk', (_name, write) => {
  needs('mount').test(
    'rejects with ENOSPC; the old file is intact, nothing is left, and there is room again',
    async () => {
      using mount = mountTmpfs({ sizeBytes: 1_500_000 });
      const path = join(mount.path, 'file');
      await write(path, Buffer.alloc(700_000, 'o'));
      await expect(write(path, Buffer.alloc(2 << 20))).rejects.toMatchObject({
        code: 'ENOSPC',
        syscall: 'write',
        path,
      });
      await expect(write(path, Buffer.alloc(1_000_000))).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(readFileSync(path).equals(Buffer.alloc(700_000, 'o'))).toBe(true);
      expect(readdirSync(mount.path)).toEqual(['file']);
      await write(path, Buffer.alloc(700_000, 'n'));
    },
  );
});

test('a killed writer leaves the old file or the new one', { timeout: 60_000 }, async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  writeFileSync(path, Buffer.alloc(10_001, 1));
  for (const way of ['async', 'sync']) {
    await using one = await spawnFixture(writer, [path, way]);
    one.send('go');
    await eventually(() => one.takeLines().length > 0);
    one.kill('SIGKILL');
    await one.exited;
    expect(isWhole(readFileSync(path))).toBe(true);
  }
});
