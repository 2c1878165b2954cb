import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { writeFileAtomic } from '@osx/atomics';
import { eventually, mountTmpfs, needs, temporaryDirectory } from '@osx/test-support';
import { expect, test } from 'vitest';

/** Whether a write is done when its call returns: the promise is settled, and no turn of the loop was needed. */
async function isDoneAtOnce(path: string, data: string): Promise<boolean> {
  const write = writeFileAtomic(path, data);
  const isDone = readFileSync(path, 'utf8') === data;
  await write;
  expect(readFileSync(path, 'utf8')).toBe(data);
  return isDone;
}

/** The first write asks what kind of file system it is; the answer comes some turns later. */
async function settle(path: string): Promise<void> {
  await writeFileAtomic(path, 'first');
  for (let turn = 0; turn < 20; turn++) await nextTurn();
}

needs('mount').test('small writes to memory are made on this thread, large ones on the pool', async () => {
  using mount = mountTmpfs({ sizeBytes: 4 << 20 });
  const path = join(mount.path, 'file');
  await settle(path);
  await eventually(async () => await isDoneAtOnce(path, 'small'));
  expect(await isDoneAtOnce(path, 'x'.repeat(100_000))).toBe(false);
});

needs('mount').test('a symlink out of memory is followed on the pool', async () => {
  using mount = mountTmpfs({ sizeBytes: 4 << 20 });
  using disk = temporaryDirectory('run-write');
  await settle(join(mount.path, 'file'));
  const target = join(disk.path, 'file');
  await writeFileAtomic(target, 'first');
  const link = join(mount.path, 'link');
  symlinkSync(target, link);
  expect(await isDoneAtOnce(link, 'through the link')).toBe(false);
});

test('writes to a disk are made on the pool', async () => {
  using directory = temporaryDirectory('run-write');
  const path = join(directory.path, 'file');
  await settle(path);
  expect(await isDoneAtOnce(path, 'small')).toBe(false);
});

needs('mount').test('an error on this thread is a rejection, and of the path', async () => {
  using mount = mountTmpfs({ sizeBytes: 16 << 10 });
  const path = join(mount.path, 'file');
  await settle(path);
  const write = writeFileAtomic(path, 'x'.repeat(60_000));
  await expect(write).rejects.toMatchObject({ code: 'ENOSPC', path });
  expect(readFileSync(path, 'utf8')).toBe('first');
});

needs('mount').test('a loop of writes to memory does not hold up the event loop', async () => {
  using mount = mountTmpfs({ sizeBytes: 4 << 20 });
  const path = join(mount.path, 'file');
  await settle(path);
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  for (let write = 0; write < 50; write++) await writeFileAtomic(path, 'x');
  isOver = true;
  expect(turns).toBeGreaterThanOrEqual(49);
});
