import {
  openBeneath,
  openBeneathSync,
  relativeSymlink,
  relativeSymlinkSync,
  resolveBeneath,
  touch,
  unlinkIfExists,
} from '@osx/paths';
import { expect, test } from 'vitest';

const wrong = (value: unknown): never => value as never;

test.each<[string, () => Promise<unknown>, string]>([
  ['root of the wrong type', () => openBeneath(wrong(null), 'a'), 'ERR_INVALID_ARG_TYPE'],
  ['an empty root', () => openBeneath('', 'a'), 'ERR_INVALID_ARG_VALUE'],
  ['a negative descriptor', () => openBeneath(-1, 'a'), 'ERR_OUT_OF_RANGE'],
  ['an empty path', () => openBeneath('/', ''), 'ERR_INVALID_ARG_VALUE'],
  ['a path with NUL', () => openBeneath('/', 'a\0'), 'ERR_INVALID_ARG_VALUE'],
  ['a path of the wrong type', () => openBeneath('/', wrong(3)), 'ERR_INVALID_ARG_TYPE'],
  ['unknown flags', () => openBeneath('/', 'a', 'rw'), 'ERR_INVALID_ARG_VALUE'],
  ['flags rx', () => openBeneath('/', 'a', 'rx'), 'ERR_INVALID_ARG_VALUE'],
  ['flags ws', () => openBeneath('/', 'a', 'ws'), 'ERR_INVALID_ARG_VALUE'],
  ['negative flags', () => openBeneath('/', 'a', -1), 'ERR_OUT_OF_RANGE'],
  ['flags of the wrong type', () => openBeneath('/', 'a', wrong(null)), 'ERR_INVALID_ARG_TYPE'],
  ['a mode out of range', () => openBeneath('/', 'a', 'w', { mode: 0o10000 }), 'ERR_OUT_OF_RANGE'],
  [
    'nonblocking of the wrong type',
    () => openBeneath('/', 'a', 'r', { nonblocking: wrong(1) }),
    'ERR_INVALID_ARG_TYPE',
  ],
  [
    'followSymlinks of the wrong type',
    () => openBeneath('/', 'a', 'r', { followSymlinks: wrong(0) }),
    'ERR_INVALID_ARG_TYPE',
  ],
  [
    'crossMounts of the wrong type',
    () => resolveBeneath('/', 'a', { crossMounts: wrong('no') }),
    'ERR_INVALID_ARG_TYPE',
  ],
  ['options in the wrong place', () => resolveBeneath('/', 'a', wrong(null)), 'ERR_INVALID_ARG_TYPE'],
  ['a target that is empty', () => relativeSymlink('', 'a'), 'ERR_INVALID_ARG_VALUE'],
  ['a link of the wrong type', () => relativeSymlink('a', wrong({})), 'ERR_INVALID_ARG_TYPE'],
  ['replace of the wrong type', () => relativeSymlink('a', 'b', { replace: wrong(1) }), 'ERR_INVALID_ARG_TYPE'],
  [
    'makeDirectories of the wrong type',
    () => relativeSymlink('a', 'b', { makeDirectories: wrong(1) }),
    'ERR_INVALID_ARG_TYPE',
  ],
  ['a time of the wrong type', () => touch('a', { time: wrong('then') }), 'ERR_INVALID_ARG_TYPE'],
  ['an invalid Date', () => touch('a', { accessTime: new Date(Number.NaN) }), 'ERR_OUT_OF_RANGE'],
  ['an infinite time', () => touch('a', { modificationTime: Infinity }), 'ERR_OUT_OF_RANGE'],
  ['a time beyond 64 bits', () => touch('a', { time: 2n ** 63n }), 'ERR_OUT_OF_RANGE'],
  ['create of the wrong type', () => touch('a', { create: wrong(1) }), 'ERR_INVALID_ARG_TYPE'],
  ['a mode of the wrong type', () => touch('a', { mode: wrong('644') }), 'ERR_INVALID_ARG_TYPE'],
  ['nothing to unlink', () => unlinkIfExists(wrong(undefined)), 'ERR_INVALID_ARG_TYPE'],
])('%s is refused before any system call', async (_what, call, code) => {
  await expect(call()).rejects.toMatchObject({ code });
});

test('the Sync twins throw', () => {
  expect(() => openBeneathSync('/', '')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
  expect(() => relativeSymlinkSync('', 'a')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
});

test('options are not changed', async () => {
  const options = Object.freeze({ mode: 0o600, followSymlinks: true });
  await expect(openBeneath('/', '../x', 'w', options)).rejects.toMatchObject({ code: 'EXDEV' });
});
