import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { lockFile, tryLockFile } from '@osx/fcntl';
import type { LockKind, LockOptions } from '@osx/fcntl';
import { needs, runTool, temporaryDirectory } from '@osx/test-support';

import { catWithFd, endCat, exitStatus, laterExitStatus } from './fixtures/children.ts';
import { python, tool } from './fixtures/python.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory('interplay');
  path = join(directory.path, 'lock');
});
afterEach(() => directory[Symbol.dispose]());

describe('flock(1)', () => {
  const { test: testFlock } = needs('flock');

  testFlock('it holds, we are refused, then told', async () => {
    await using holder = await tool('flock', [path, '-c', 'echo ready; read line']);
    expect(tryLockFile(path, { kind: 'flock' })).toBe(null);
    expect(tryLockFile(path, { kind: 'flock', shared: true })).toBe(null);
    const waiting = lockFile(path, { kind: 'flock' });
    holder.send('go on');
    using _lock = await waiting;
  });

  testFlock('it holds shared: we share, and no more', async () => {
    await using _holder = await tool('flock', ['--shared', path, '-c', 'echo ready; read line']);
    tryLockFile(path, { kind: 'flock', shared: true })?.release();
    expect(tryLockFile(path, { kind: 'flock' })).toBe(null);
  });

  testFlock('we hold, it is refused; released, it is not', async () => {
    const lock = await lockFile(path, { kind: 'flock' });
    const attempt = () => exitStatus('flock', ['--nonblock', '--conflict-exit-code', '9', path, 'true']);
    expect(attempt()).toBe(9);
    lock.release();
    expect(attempt()).toBe(0);
  });

  testFlock('it waits for us', async () => {
    const lock = await lockFile(path, { kind: 'flock' });
    const status = laterExitStatus('flock', [path, 'true']);
    lock.release();
    expect(await status).toBe(0);
  });

  testFlock('record locks and it do not see each other', async () => {
    using _lock = await lockFile(path);
    expect(exitStatus('flock', ['--nonblock', path, 'true'])).toBe(0);
  });
});

describe('Python', () => {
  const { test: testPython } = needs('python3');

  /** Takes the lock given, says "ready", and lets go of it by closing at the first line. */
  const hold = `
import fcntl, sys
path, how, start, length = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
file = open(path, 'a+')
if how == 'flock': fcntl.flock(file, fcntl.LOCK_EX)
else: fcntl.lockf(file, fcntl.LOCK_EX, length, start)
print('ready')
sys.stdin.readline()
file.close()
`;
  /** Prints whether the lock is granted at once. */
  const attempt = `
import fcntl, sys
path, how, start, length = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
file = open(path, 'a+')
try:
    if how == 'flock': fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else: fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)
    print('granted')
except BlockingIOError:
    print('refused')
`;
  const cases: [string, LockKind][] = [
    ['flock', 'flock'],
    ['lockf', 'posix'],
    ['lockf', 'ofd'],
  ];

  testPython.each(cases)('%s holds, %s is refused, then told', async (how, kind) => {
    await using holder = await python(hold, path, how, '0', '0');
    expect(tryLockFile(path, { kind })).toBe(null);
    const waiting = lockFile(path, { kind });
    holder.send('go on');
    using _lock = await waiting;
  });

  testPython.each(cases)('%s is refused while %s is held by us, and granted afterwards', async (how, kind) => {
    const lock = await lockFile(path, { kind });
    expect(runTool('python3', ['-c', attempt, path, how, '0', '0'])).toBe('refused\n');
    lock.release();
    expect(runTool('python3', ['-c', attempt, path, how, '0', '0'])).toBe('granted\n');
  });

  testPython.each(['posix', 'ofd'] as const)('ranges, both ways: %s', async (kind) => {
    await using _holder = await python(hold, path, 'lockf', '10', '10');
    expect(tryLockFile(path, { kind, start: 19, length: 1 })).toBe(null);
    using _lock = tryLockFile(path, { kind, start: 20, length: 5 } satisfies LockOptions);
    expect(_lock).not.toBe(null);
    expect(runTool('python3', ['-c', attempt, path, 'lockf', '24', '0'])).toBe('refused\n');
    expect(runTool('python3', ['-c', attempt, path, 'lockf', '25', '0'])).toBe('granted\n');
  });
});

needs('lslocks').test.each([
  ['ofd', 'OFDLCK'],
  ['flock', 'FLOCK'],
  ['posix', 'POSIX'],
] as const)('lslocks shows a %s lock', async (kind, type) => {
  using _lock = await lockFile(path, { kind, shared: true });
  const { locks } = JSON.parse(runTool('lslocks', ['--json', '--notruncate'])) as { locks: Record<string, unknown>[] };
  // Of an OFD lock it knows neither process nor path.
  const wanted = kind === 'ofd' ? { type, mode: 'READ' } : { type, mode: 'READ', path, pid: process.pid };
  expect(locks).toContainEqual(expect.objectContaining(wanted));
});

describe('inheritance', () => {
  test('no child inherits the descriptor by itself', async () => {
    using lock = await lockFile(path);
    const listing = runTool('sh', ['-c', 'ls -l /proc/self/fd']);
    expect(listing).not.toContain(path);
    expect(lock.isReleased).toBe(false);
  });

  test.each(['ofd', 'flock'] as const)('handed on on purpose, %s lives as long as the child', async (kind) => {
    const lock = await lockFile(path, { kind });
    const child = await catWithFd(lock.fd);
    lock.release();
    expect(tryLockFile(path, { kind })).toBe(null);
    const waiting = lockFile(path, { kind });
    await endCat(child);
    using _next = await waiting;
  });

  test('a POSIX lock is not inherited', async () => {
    const lock = await lockFile(path, { kind: 'posix' });
    const child = await catWithFd(lock.fd);
    lock.release();
    const fd = openSync(path, 'r');
    expect(readFileSync('/proc/locks', 'latin1')).not.toContain(`POSIX  ADVISORY  WRITE ${process.pid}`);
    closeSync(fd);
    await endCat(child);
  });
});
