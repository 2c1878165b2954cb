import { describe, expect, test } from 'vitest';

import {
  beginAtomicSwap,
  createAtomicWriteStream,
  exchangePaths,
  exchangePathsSync,
  renameNoReplace,
  renameNoReplaceSync,
  sweepTemporaries,
  updateFileAtomic,
  writeFileAtomic,
  writeFileAtomicSync,
} from '@osx/atomics';

// A directory that does not exist: whatever reached a system call would say ENOENT.
const path = '/nowhere/at/all';
const never = (value: unknown): never => value as never;

describe.each([
  ['writeFileAtomic', (p: never, options: never) => writeFileAtomic(p, 'x', options)],
  ['writeFileAtomicSync', async (p: never, options: never) => writeFileAtomicSync(p, 'x', options)],
  ['updateFileAtomic', (p: never, options: never) => updateFileAtomic(p, () => 'x', options)],
  ['createAtomicWriteStream', async (p: never, options: never) => createAtomicWriteStream(p, options)],
  ['beginAtomicSwap', (p: never, options: never) => beginAtomicSwap('file', p, options)],
])('%s', (_name, call) => {
  test.each([
    ['an empty path', '', undefined, 'ERR_INVALID_ARG_VALUE'],
    ['a path with NUL', 'a\0b', undefined, 'ERR_INVALID_ARG_VALUE'],
    ['a path that is a number', 3, undefined, 'ERR_INVALID_ARG_TYPE'],
    ['a web URL', new URL('http://localhost/x'), undefined, 'ERR_INVALID_ARG_VALUE'],
    ['a trailing slash', `${path}/`, undefined, 'EISDIR'],
    ['a path ending in ..', `${path}/..`, undefined, 'EISDIR'],
    ['options that are text', path, 'utf8', 'ERR_INVALID_ARG_TYPE'],
    ['an unknown durability', path, { durability: 'disk' }, 'ERR_INVALID_ARG_VALUE'],
    ['a mode with more bits', path, { mode: 0o10000 }, 'ERR_OUT_OF_RANGE'],
    ['a mode that is text', path, { mode: '644' }, 'ERR_INVALID_ARG_TYPE'],
    ['a mode that is NaN', path, { mode: Number.NaN }, 'ERR_OUT_OF_RANGE'],
    ['a negative uid', path, { uid: -1 }, 'ERR_OUT_OF_RANGE'],
    ['the gid that means none', path, { gid: 2 ** 32 - 1 }, 'ERR_OUT_OF_RANGE'],
    ['preserve as text', path, { preserve: 'mode' }, 'ERR_INVALID_ARG_TYPE'],
    ['an unknown thing to preserve', path, { preserve: ['times'] }, 'ERR_INVALID_ARG_VALUE'],
    ['followSymlinks as a number', path, { followSymlinks: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ['makeDirectories as text', path, { makeDirectories: 'yes' }, 'ERR_INVALID_ARG_TYPE'],
    ['an empty rootDirectory', path, { rootDirectory: '' }, 'ERR_INVALID_ARG_VALUE'],
    ['a signal that is none', path, { signal: {} }, 'ERR_INVALID_ARG_TYPE'],
  ])('%s is refused before any system call', async (_what, badPath, options, code) => {
    await expect(call(never(badPath), never(options))).rejects.toMatchObject({ code });
  });
});

test.each([
  ['a number', 3, 'ERR_INVALID_ARG_TYPE'],
  ['null', null, 'ERR_INVALID_ARG_TYPE'],
  ['a plain object', {}, 'ERR_INVALID_ARG_TYPE'],
  ['a detached buffer', detached(), 'ERR_INVALID_ARG_VALUE'],
])('data that is %s is refused before any system call', async (_name, data, code) => {
  await expect(writeFileAtomic(path, never(data))).rejects.toMatchObject({ code });
  expect(() => writeFileAtomicSync(path, never(data))).toThrow(expect.objectContaining({ code }));
});

function detached(): Uint8Array {
  const bytes = new Uint8Array(8);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  return bytes;
}

test.each([
  ['an unknown encoding', () => writeFileAtomic(path, 'x', never({ encoding: 'utf-9' })), 'ERR_INVALID_ARG_VALUE'],
  ['exclusive as text', () => writeFileAtomic(path, 'x', never({ exclusive: 'yes' })), 'ERR_INVALID_ARG_TYPE'],
  ['timeoutMs NaN', () => updateFileAtomic(path, () => '', { timeoutMs: Number.NaN }), 'ERR_OUT_OF_RANGE'],
  ['a negative timeoutMs', () => updateFileAtomic(path, () => '', { timeoutMs: -1 }), 'ERR_OUT_OF_RANGE'],
  ['an update that is no function', () => updateFileAtomic(path, never('x')), 'ERR_INVALID_ARG_TYPE'],
  ['an unknown kind of swap', () => beginAtomicSwap(never('tree'), path), 'ERR_INVALID_ARG_VALUE'],
  ['an empty second path', () => exchangePaths(path, ''), 'ERR_INVALID_ARG_VALUE'],
  ['a second path with NUL', () => renameNoReplace(path, 'a\0'), 'ERR_INVALID_ARG_VALUE'],
  [
    'durability file for a rename',
    () => renameNoReplace(path, path, never({ durability: 'file' })),
    'ERR_INVALID_ARG_VALUE',
  ],
  ['an empty directory to sweep', () => sweepTemporaries(''), 'ERR_INVALID_ARG_VALUE'],
  ['an unknown policy', () => sweepTemporaries(path, never({ foreign: 'all' })), 'ERR_INVALID_ARG_VALUE'],
])('%s is refused before any system call', async (_name, call, code) => {
  await expect(call()).rejects.toMatchObject({ code });
});

test('the Sync twins of the renames refuse alike', () => {
  expect(() => exchangePathsSync('', path)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
  expect(() => renameNoReplaceSync('', path)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
});

test('a signal that is aborted already is its reason, before any system call', async () => {
  const reason = new Error('too late');
  const signal = AbortSignal.abort(reason);
  await expect(writeFileAtomic(path, 'x', { signal })).rejects.toBe(reason);
  await expect(updateFileAtomic(path, () => 'x', { signal })).rejects.toBe(reason);
  await expect(beginAtomicSwap('dir', path, { signal })).rejects.toBe(reason);
  expect(() => writeFileAtomicSync(path, 'x', { signal })).toThrow(reason);
});

test('options are not changed', async () => {
  const options = Object.freeze({ durability: 'none', preserve: Object.freeze(['mode'] as const) } as const);
  await expect(writeFileAtomic(path, 'x', options)).rejects.toMatchObject({ code: 'ENOENT' });
});
