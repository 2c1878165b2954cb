import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { lockFile, lockHolders, tryLockFile } from '@osx/fcntl';
import { expectNoNewFds, needs, openFds, runTool, temporaryDirectory } from '@osx/test-support';

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory('posix');
  path = join(directory.path, 'lock');
  writeFileSync(path, '');
});
afterEach(() => directory[Symbol.dispose]());

/** The ranges that this process has locked with POSIX locks, first and last byte. */
function posixRanges(): string[] {
  const ino = String(process.getBuiltinModule('node:fs').statSync(path).ino);
  return readFileSync('/proc/locks', 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words[1] === 'POSIX' && words[5]?.endsWith(`:${ino}`))
    .map((words) => `${words[6]}-${words[7]}`);
}

test('releasing one leaves the others of the same file, though a close drops them all', async () => {
  const before = openFds();
  const [a, b] = [
    await lockFile(path, { kind: 'posix', length: 10 }),
    await lockFile(path, { kind: 'posix', start: 20 }),
  ];
  a.release();
  expect(posixRanges()).toEqual(['20-EOF']);
  expect(tryLockFile(path, { kind: 'posix', start: 25 })).toBe(null);
  expect(posixRanges()).toEqual(['20-EOF']);
  b.release();
  expect(posixRanges()).toEqual([]);
  expectNoNewFds(before);
});

test('shared ones that overlap: the last one keeps what is its own', async () => {
  const options = { kind: 'posix', shared: true } as const;
  const [a, b] = [
    await lockFile(path, { ...options, length: 10 }),
    await lockFile(path, { ...options, start: 5, length: 10 }),
  ];
  a.release();
  expect(posixRanges()).toEqual(['5-14']);
  b.release();
  expect(posixRanges()).toEqual([]);
});

test.each(['ofd', 'flock'] as const)('releasing an %s lock on the same file does not drop it', async (kind) => {
  const posix = await lockFile(path, { kind: 'posix', length: 10 });
  const other = await lockFile(path, kind === 'ofd' ? { kind, start: 10 } : { kind });
  other.release();
  expect(posixRanges()).toEqual(['0-9']);
  const again = tryLockFile(path, kind === 'ofd' ? { kind, start: 10 } : { kind });
  expect(again).not.toBe(null);
  again?.release();
  posix.release();
  expect(posixRanges()).toEqual([]);
});

test('refused tries do not pile up descriptors, though none may be closed', async () => {
  using _lock = await lockFile(path, { kind: 'posix' });
  expect(tryLockFile(path, { kind: 'posix' })).toBe(null);
  expect(tryLockFile(path, { kind: 'ofd', shared: true })).toBe(null);
  const before = openFds();
  for (let round = 0; round < 10; round += 1) {
    expect(tryLockFile(path, { kind: 'posix' })).toBe(null);
    expect(tryLockFile(path, { kind: 'ofd', shared: true })).toBe(null);
  }
  expectNoNewFds(before);
  expect(posixRanges()).toEqual(['0-EOF']);
});

test('asking who holds it does not drop it', async () => {
  using _lock = await lockFile(path, { kind: 'posix' });
  expect(await lockHolders(path)).toHaveLength(1);
  expect(posixRanges()).toEqual(['0-EOF']);
});

test('the hazard that remains: any other close of the file in the process drops it', async () => {
  using _lock = await lockFile(path, { kind: 'posix' });
  readFileSync(path);
  expect(posixRanges()).toEqual([]);
});

needs('python3').test('an exclusive one waits in the thread for a shared one', async () => {
  const shared = await lockFile(path, { kind: 'posix', shared: true });
  const waiting = lockFile(path, { kind: 'posix' });
  const attempt = "import fcntl, sys; fcntl.lockf(open(sys.argv[1]), fcntl.LOCK_SH | fcntl.LOCK_NB); print('shared')";
  expect(runTool('python3', ['-c', attempt, path])).toBe('shared\n');
  shared.release();
  (await waiting).release();
});
