import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { lockFile, lockHolders } from '@osx/fcntl';
import type { LockHolder } from '@osx/fcntl';
import {
  asUnprivilegedUser,
  eventually,
  expectNoNewFds,
  mountTmpfs,
  needs,
  openFds,
  runFixture,
  runTool,
  spawnFixture,
  temporaryDirectory,
} from '@osx/test-support';

import { catWithFd, endCat } from './fixtures/children.ts';
import { python } from './fixtures/python.ts';

const holder = new URL('fixtures/holder.ts', import.meta.url);
const asker = new URL('fixtures/ask-holders.ts', import.meta.url);

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory('holders', { mode: 0o755 });
  path = join(directory.path, 'lock');
  writeFileSync(path, '');
});
afterEach(() => directory[Symbol.dispose]());

describe.each(['ofd', 'flock', 'posix'] as const)('%s', (kind) => {
  test('its process, mode and range', async () => {
    const range = kind === 'flock' ? {} : { start: 5, length: 10 };
    await using child = await spawnFixture(holder, [path, JSON.stringify({ kind, shared: true, ...range })]);
    expect(await lockHolders(path)).toEqual([
      {
        pid: child.pid,
        kind,
        shared: true,
        range: { start: range.start ?? 0, length: range.length ?? 0 },
        isProven: true,
      },
    ]);
    child.send('release');
    expect(await child.nextLine()).toBe('released');
    expect(await lockHolders(path)).toEqual([]);
  });
});

test('all that hold, of every kind, by pid; those who only wait are none', async () => {
  await using one = await spawnFixture(holder, [path, '{"shared":true}']);
  await using two = await spawnFixture(holder, [path, '{"shared":true}']);
  using _flock = await lockFile(path, { kind: 'flock' });
  const waiting = lockFile(path, { timeoutMs: 300 }).catch(() => 'waited');
  const pids = (await lockHolders(path)).map(({ pid, kind, shared }) => ({ pid, kind, shared }));
  expect(pids).toEqual(
    [
      { pid: process.pid, kind: 'flock', shared: false },
      { pid: one.pid, kind: 'ofd', shared: true },
      { pid: two.pid, kind: 'ofd', shared: true },
    ].toSorted((a, b) => a.pid - b.pid),
  );
  expect(await waiting).toBe('waited');
});

needs('python3').test('a flock whose taker is dead: the child that keeps it, not the dead one', async () => {
  const program = `
import fcntl, os, signal, sys
file = open(sys.argv[1], 'w')
fcntl.flock(file, fcntl.LOCK_EX)
os.set_inheritable(file.fileno(), True)
child = os.fork()
if child == 0:
    print('ready')
    print(os.getpid())
    signal.alarm(30)
    signal.pause()
else:
    os._exit(0)
`;
  await using taker = await python(program, path);
  await eventually(() => taker.child.exitCode === 0);
  const keeper = Number(await taker.nextLine());
  expect(await lockHolders(path)).toEqual([
    { pid: keeper, kind: 'flock', shared: false, range: { start: 0, length: 0 }, isProven: true },
  ]);
  process.kill(keeper, 'SIGKILL');
  await eventually(async () => (await lockHolders(path)).length === 0);
});

test('of the processes that are asked about: others are not looked at', async () => {
  await using one = await spawnFixture(holder, [path, '{"shared":true}']);
  await using two = await spawnFixture(holder, [path, '{"shared":true}']);
  const ask = async (pids: number[]) => {
    const holders = await lockHolders(path, { pids });
    return holders.map(({ pid, isProven }) => ({ pid, isProven })).toSorted((a, b) => (a.pid ?? 0) - (b.pid ?? 0));
  };
  const unproven = { pid: null, isProven: false };
  expect(await ask([one.pid])).toEqual([unproven, { pid: one.pid, isProven: true }]);
  expect(await ask([one.pid, two.pid])).toHaveLength(2);
  expect(await ask([])).toEqual([unproven, unproven]);
  expect(await ask([process.pid, 2 ** 31 - 1])).toEqual([unproven, unproven]);
});

test('two processes that share the open file are both holders', async () => {
  using lock = await lockFile(path);
  const child = await catWithFd(lock.fd);
  const pids = (await lockHolders(path)).map(({ pid }) => pid);
  expect(pids).toEqual([process.pid, child.pid as number].toSorted((a, b) => a - b));
  await endCat(child);
});

needs('root', 'unprivileged-user').test('processes that may not be read: listed, not proven', async () => {
  chmodSync(path, 0o666);
  using _ofd = await lockFile(path, { start: 1, length: 1 });
  using _posix = await lockFile(path, { kind: 'posix', start: 3, length: 1 });
  const { stdout } = await runFixture(asker, [path], asUnprivilegedUser);
  const holders = (JSON.parse(stdout) as LockHolder[]).toSorted(
    (a, b) => Number(a.range.start) - Number(b.range.start),
  );
  expect(holders).toEqual([
    { pid: null, kind: 'ofd', shared: false, range: { start: 1, length: 1 }, isProven: false },
    { pid: process.pid, kind: 'posix', shared: false, range: { start: 3, length: 1 }, isProven: false },
  ]);
});

test('a file that nobody locks, one that is missing, and a directory', async () => {
  const before = openFds();
  expect(await lockHolders(path)).toEqual([]);
  await expect(lockHolders(`${path}.missing`)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await lockHolders(directory.path)).toEqual([]);
  expectNoNewFds(before);
});

needs('mount').test('a file system whose device is not the one that stat shows (overlayfs)', async () => {
  using tmpfs = mountTmpfs({ sizeBytes: 1 << 20 });
  const at = (name: string) => join(tmpfs.path, name);
  runTool('mkdir', ['lower', 'upper', 'work', 'merged'].map(at));
  writeFileSync(at('lower/file'), '');
  const options = `lowerdir=${at('lower')},upperdir=${at('upper')},workdir=${at('work')}`;
  runTool('mount', ['-t', 'overlay', 'overlay', '-o', options, at('merged')]);
  try {
    using _lock = await lockFile(at('merged/file'), { shared: true });
    expect(statSync(at('merged/file')).isFile()).toBe(true);
    expect(await lockHolders(at('merged/file'))).toMatchObject([{ pid: process.pid, isProven: true }]);
  } finally {
    runTool('umount', [at('merged')]);
  }
});
