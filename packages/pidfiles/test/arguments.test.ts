import { existsSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { acquirePidfile, Pidfile, pinPidfileOwner, readPidfile, withPidfile } from '@osx/pidfiles';
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
const badOpening: [string, unknown, string][] = [
  ['options null', null, 'ERR_INVALID_ARG_TYPE'],
  ['mode too large', { mode: 0o10000 }, 'ERR_OUT_OF_RANGE'],
  ['mode a string', { mode: '644' }, 'ERR_INVALID_ARG_TYPE'],
  ['inheritable a number', { inheritable: 1 }, 'ERR_INVALID_ARG_TYPE'],
];
const badWaiting: [string, unknown, string][] = [
  ['timeoutMs NaN', { timeoutMs: Number.NaN }, 'ERR_OUT_OF_RANGE'],
  ['timeoutMs negative', { timeoutMs: -1 }, 'ERR_OUT_OF_RANGE'],
  ['timeoutMs a string', { timeoutMs: '5' }, 'ERR_INVALID_ARG_TYPE'],
  ['signal no signal', { signal: {} }, 'ERR_INVALID_ARG_TYPE'],
];
const circular: Record<string, unknown> = {};
circular['self'] = circular;
const badInfo: [string, unknown, string][] = [
  ['null', null, 'ERR_INVALID_ARG_TYPE'],
  ['an array', [1], 'ERR_INVALID_ARG_TYPE'],
  ['text', 'x', 'ERR_INVALID_ARG_TYPE'],
  ['circular', circular, 'ERR_INVALID_ARG_VALUE'],
  ['with a bigint', { a: 1n }, 'ERR_INVALID_ARG_VALUE'],
  ['that JSON drops', { toJSON: () => undefined }, 'ERR_INVALID_ARG_VALUE'],
  ['that JSON makes text of', new Date(0), 'ERR_INVALID_ARG_VALUE'],
  ['too long', { a: 'x'.repeat(3_072) }, 'ERR_INVALID_ARG_VALUE'],
];

describe('refused before any system call', () => {
  test.each(badPaths)('path %s', async (_, value, code) => {
    const bad = value as string;
    const error = expect.objectContaining({ code });
    expect(() => Pidfile.open(bad)).toThrow(error);
    expect(() => Pidfile.fromFd(3, bad)).toThrow(error);
    expect(() => readPidfile(bad)).toThrow(error);
    await expect(acquirePidfile(bad)).rejects.toEqual(error);
    await expect(pinPidfileOwner(bad)).rejects.toEqual(error);
    await expect(withPidfile(bad, {}, () => {})).rejects.toEqual(error);
  });

  test.each(badOpening)('open: %s', async (_, options, code) => {
    expect(() => Pidfile.open(path, options as object)).toThrow(expect.objectContaining({ code }));
    await expect(acquirePidfile(path, options as object)).rejects.toMatchObject({ code });
    expect(existsSync(path)).toBe(false);
  });

  test('open: create no boolean; fromFd: fd and options', () => {
    const code = 'ERR_INVALID_ARG_TYPE';
    expect(() => Pidfile.open(path, { create: 'yes' as never })).toThrow(expect.objectContaining({ code }));
    expect(() => Pidfile.fromFd('3' as never, path)).toThrow(expect.objectContaining({ code }));
    expect(() => Pidfile.fromFd(-1, path)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    expect(() => Pidfile.fromFd(3, path, { inheritable: 0 as never })).toThrow(expect.objectContaining({ code }));
  });

  test.each(badWaiting)('waiting: %s', async (_, options, code) => {
    await expect(acquirePidfile(path, options as object)).rejects.toMatchObject({ code });
    await expect(pinPidfileOwner(path, options as object)).rejects.toMatchObject({ code });
    expect(existsSync(path)).toBe(false);
    using pidfile = Pidfile.open(join(mkdtempSync(join(directory.path, 'w-')), 'pid'));
    await expect(pidfile.lock(options as object)).rejects.toMatchObject({ code });
    expect(pidfile.isLocked).toBe(false);
  });

  test.each(badInfo)('info %s', async (_, info, code) => {
    await expect(acquirePidfile(path, { info: info as never })).rejects.toMatchObject({ code });
    expect(existsSync(path)).toBe(false);
  });

  test('a signal that was aborted, callbacks, signals, close options', async () => {
    const reason = new Error('stop');
    const signal = AbortSignal.abort(reason);
    await expect(acquirePidfile(path, { signal })).rejects.toBe(reason);
    await expect(pinPidfileOwner(path, { signal })).rejects.toBe(reason);
    await expect(withPidfile(path, {}, 1 as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    expect(existsSync(path)).toBe(false);
    using pidfile = Pidfile.open(join(mkdtempSync(join(directory.path, 'k-')), 'pid'));
    await expect(pidfile.lock({ signal })).rejects.toBe(reason);
    await expect(pidfile.kill('SIGNONE')).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    expect(() => pidfile.close({ keep: 1 as never })).toThrow(TypeError);
    expect(pidfile.isClosed).toBe(false);
  });
});
