import { constants } from 'node:os';

import { isUnsupportedError } from '@osx/errors';
import { runFixture } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

import {
  checked,
  copyMemory,
  defineCall,
  defineLibrary,
  freeMemory,
  nonNegativeOrError,
  nonNegativeOrNegativeErrno,
  takeCString,
} from '@osx/native-ffi';

const libc = defineLibrary({ names: ['libosx-nope.so.1', 'libc.so.6'], feature: 'sums', requires: 'glibc 2' });
const missing = defineLibrary({ names: ['libosx-nope.so.1', 'libosx-nope.so'], feature: 'nothing', requires: 'luck' });

describe('defineLibrary', () => {
  test('takes the first library that is there and calls its functions', () => {
    expect(libc.isAvailable()).toBe(true);
    const getpid = libc.defineCall({ name: 'getpid', returns: 'int', parameters: [], decode: nonNegativeOrError });
    expect(getpid()).toBe(process.pid);
  });

  test('a function that it does not have is said to be missing', () => {
    const nope = libc.defineCall({ name: 'osx_nope', returns: 'int', parameters: [], decode: nonNegativeOrError });
    const error = thrownBy(() => nope());
    expect(isUnsupportedError(error)).toBe(true);
    expect(error).toMatchObject({ feature: 'sums', requires: 'glibc 2; this one has no osx_nope' });
  });

  test('a missing library is an UnsupportedError at the first call, not before', () => {
    expect(missing.isAvailable()).toBe(false);
    const call = missing.defineCall({ name: 'x', returns: 'int', parameters: [], decode: nonNegativeOrError });
    const error = thrownBy(() => call());
    expect(isUnsupportedError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'ENOTSUP', feature: 'nothing', requires: 'luck' });
    expect((error as Error).cause).toMatchObject({ message: expect.stringContaining('libosx-nope.so.1') });
  });

  test('defining and importing loads nothing; the first call does', async () => {
    const { code, stdout, stderr } = await runFixture(new URL('fixtures/library-load.ts', import.meta.url));
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'defined: no library\nanother library called: no library\nasked: library\n',
      stderr: '',
    });
  });

  test('in a Worker a call binds its own library and not the others', async () => {
    const { code, stdout, stderr } = await runFixture(new URL('fixtures/library-load.ts', import.meta.url), ['worker']);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'defined: no library\nanother library called: no library\nasked: library\n',
      stderr: '',
    });
  });
});

describe('nonNegativeOrNegativeErrno', () => {
  const atoi = defineCall({
    name: 'atoi',
    returns: 'int',
    parameters: ['string'],
    decode: nonNegativeOrNegativeErrno,
  });

  test('the value itself is the negative errno, whatever errno says', () => {
    const close = defineCall({ name: 'close', returns: 'int', parameters: ['int'], decode: nonNegativeOrError });
    expect(close(1_000_000)).toBe(-constants.errno.EBADF);
    expect(atoi('-13')).toBe(-13);
    expect(() => checked(atoi('-13'), 'atoi')).toThrow(expect.objectContaining({ code: 'EACCES' }));
    expect(atoi('7')).toBe(7);
  });

  test('by defineCall alone the same value would be another error', () => {
    const byErrno = defineCall({
      name: 'atoi',
      returns: 'int',
      parameters: ['string'],
      decode: nonNegativeOrError,
    });
    expect(byErrno('-13')).not.toBe(-13);
  });
});

describe('memory of C', () => {
  const strdup = defineCall({
    name: 'strdup',
    returns: 'uint64',
    parameters: ['pointer'],
    decode: nonNegativeOrError,
  });

  test('is copied, with every byte, and freed', () => {
    const address = strdup(Buffer.from([0x61, 0xff, 0x62, 0]));
    const copy = copyMemory(address, 4);
    expect([...copy]).toEqual([0x61, 0xff, 0x62, 0]);
    freeMemory(address);
    expect([...copy]).toEqual([0x61, 0xff, 0x62, 0]);
    expect(copyMemory(0, 0).length).toBe(0);
  });

  test('a text is taken over: ten thousand of 100 kB leave nothing behind', () => {
    const text = Buffer.alloc(100_001, 0x78);
    text[100_000] = 0;
    takeCString(strdup(text));
    const before = process.memoryUsage.rss();
    for (let round = 0; round < 10_000; round++) expect(takeCString(strdup(text)).length).toBe(100_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(600 << 20);
  });

  test('an array of bytes becomes an array of addresses that ends where it says', () => {
    const execv = defineCall({
      name: 'execv',
      returns: 'int',
      parameters: ['string', 'pointers'],
      decode: nonNegativeOrError,
    });
    expect(execv('/nonexistent', [Buffer.from('a\0'), Buffer.from('b\0'), null])).toBe(-constants.errno.ENOENT);
  });
});

function thrownBy(callback: () => unknown): unknown {
  try {
    callback();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
