import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import {
  fcntl,
  flock,
  lockFile,
  lockHolders,
  setRecordLock,
  testRecordLock,
  tryLockFile,
  withFileLock,
} from '@osx/fcntl';
import { open } from '@osx/fds';
import { temporaryDirectory } from '@osx/test-support';

const directory = temporaryDirectory('arguments');
afterAll(() => directory[Symbol.dispose]());
const path = join(directory.path, 'never-made');

const badPaths: [string, unknown, string][] = [
  ['empty', '', 'ERR_INVALID_ARG_VALUE'],
  ['with NUL', 'a\0b', 'ERR_INVALID_ARG_VALUE'],
  ['undefined', undefined, 'ERR_INVALID_ARG_TYPE'],
  ['a number', 3, 'ERR_INVALID_ARG_TYPE'],
  ['a URL of another scheme', new URL('https://example.org/'), 'ERR_INVALID_ARG_VALUE'],
];

const badOptions: [string, unknown, string][] = [
  ['options null', null, 'ERR_INVALID_ARG_TYPE'],
  ['unknown kind', { kind: 'mandatory' }, 'ERR_INVALID_ARG_VALUE'],
  ['shared a string', { shared: 'yes' }, 'ERR_INVALID_ARG_TYPE'],
  ['create a number', { create: 1 }, 'ERR_INVALID_ARG_TYPE'],
  ['followSymlinks a string', { followSymlinks: 'no' }, 'ERR_INVALID_ARG_TYPE'],
  ['mode too large', { mode: 0o10000 }, 'ERR_OUT_OF_RANGE'],
  ['negative start', { start: -1 }, 'ERR_OUT_OF_RANGE'],
  ['negative length', { length: -1 }, 'ERR_OUT_OF_RANGE'],
  ['a range that overflows', { start: 2n ** 63n - 1n, length: 2 }, 'ERR_OUT_OF_RANGE'],
  ['start NaN', { start: Number.NaN }, 'ERR_OUT_OF_RANGE'],
  ['a range of a flock', { kind: 'flock', length: 1 }, 'ERR_INVALID_ARG_VALUE'],
];

const badWaiting: [string, unknown, string][] = [
  ['timeoutMs NaN', { timeoutMs: Number.NaN }, 'ERR_OUT_OF_RANGE'],
  ['timeoutMs negative', { timeoutMs: -1 }, 'ERR_OUT_OF_RANGE'],
  ['timeoutMs a string', { timeoutMs: '5' }, 'ERR_INVALID_ARG_TYPE'],
  ['signal no signal', { signal: {} }, 'ERR_INVALID_ARG_TYPE'],
];

describe('refused before any system call', () => {
  test.each(badPaths)('path %s', async (_, value, code) => {
    await expect(lockFile(value as string)).rejects.toMatchObject({ code });
    await expect(lockHolders(value as string)).rejects.toMatchObject({ code });
    expect(() => tryLockFile(value as string)).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    ['options', null, 'ERR_INVALID_ARG_TYPE'],
    ['pids no array', { pids: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ['pid 0', { pids: [0] }, 'ERR_OUT_OF_RANGE'],
    ['a pid as text', { pids: ['1'] }, 'ERR_INVALID_ARG_TYPE'],
  ])('lockHolders: %s', async (_, options, code) => {
    await expect(lockHolders(path, options as object)).rejects.toMatchObject({ code });
  });

  test.each([...badOptions, ...badWaiting])('lockFile: %s', async (_, options, code) => {
    await expect(lockFile(path, options as object)).rejects.toMatchObject({ code });
    expect(existsSync(path)).toBe(false);
  });

  test.each(badOptions)('tryLockFile: %s', (_, options, code) => {
    expect(() => tryLockFile(path, options as object)).toThrow(expect.objectContaining({ code }));
    expect(existsSync(path)).toBe(false);
  });

  test('a signal that is aborted already: its reason, and no file is made', async () => {
    const reason = new Error('shut down');
    await expect(lockFile(path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(existsSync(path)).toBe(false);
  });

  test('a callback that is none', async () => {
    await expect(withFileLock(path, {}, 1 as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    expect(existsSync(path)).toBe(false);
  });
});

describe('descriptors', () => {
  const calls: [string, (fd: never) => unknown][] = [
    ['fcntl', (fd) => fcntl(fd, 1)],
    ['flock', (fd) => flock(fd, 'shared')],
    ['setRecordLock', (fd) => setRecordLock(fd, { type: 'read' }, { kind: 'ofd' })],
    ['testRecordLock', (fd) => testRecordLock(fd, { type: 'read' }, { kind: 'ofd' })],
  ];

  test.each(calls)('%s', (_, call) => {
    expect(() => call(-1 as never)).toThrow(RangeError);
    expect(() => call(1.5 as never)).toThrow(RangeError);
    expect(() => call('0' as never)).toThrow(TypeError);
    expect(() => call(undefined as never)).toThrow(TypeError);
    expect(() => call(1_000_000 as never)).toThrow(expect.objectContaining({ code: 'EBADF' }));
    const closed = open('/dev/null', 'r');
    closed.close();
    expect(() => call(closed as never)).toThrow(expect.objectContaining({ code: 'EBADF' }));
  });

  test('unknown operations and kinds', () => {
    expect(() => flock(0, 'upgrade' as never)).toThrow(TypeError);
    expect(() => setRecordLock(0, { type: 'read' }, { kind: 'flock' as never })).toThrow(TypeError);
    expect(() => setRecordLock(0, { type: 'lock' as never }, { kind: 'ofd' })).toThrow(TypeError);
  });
});
