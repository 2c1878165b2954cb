import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';

import { runFixture } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

import {
  checked,
  defineCall,
  definePointerCall,
  defineSyscall,
  nonNegativeOrError,
  nonNegativeOrErrorRetryEintr,
  pointerOrNull,
  toCString,
  zeroOrError,
} from '@osx/native-ffi';

const close = defineCall({ name: 'close', returns: 'int', parameters: ['int'], decode: zeroOrError });
const read = defineCall({
  name: 'read',
  returns: 'ssize_t',
  parameters: ['int', 'pointer', 'size_t'],
  decode: nonNegativeOrErrorRetryEintr,
});

describe('defineCall', () => {
  test('returns the value of a call that succeeds', () => {
    const fd = openSync('/proc/self/stat', 'r');
    const bytes = Buffer.alloc(64);
    const count = read(fd, bytes, bytes.length);
    closeSync(fd);
    expect(bytes.toString('latin1', 0, count)).toMatch(new RegExp(`^${process.pid} `));
  });

  test('returns the negative errno of a call that fails', () => {
    expect(close(1_000_000)).toBe(-constants.errno.EBADF);
  });

  test('keeps errno although other calls of the process change it at once', () => {
    for (let round = 0; round < 1000; round++) {
      const result = close(1_000_000);
      expect(() => statSync('/nonexistent')).toThrow('ENOENT');
      expect(getSystemErrorName(result)).toBe('EBADF');
    }
  });

  test('passes strings, null, and bytes in the middle of a buffer', () => {
    const access = defineCall({ name: 'access', returns: 'int', parameters: ['string', 'int'], decode: zeroOrError });
    expect(access('/', 0)).toBe(0);
    expect(access(null, 0)).toBe(-constants.errno.EFAULT);
    const large = new Uint8Array(32).fill(0xff);
    const fd = openSync('/dev/zero', 'r');
    expect(read(fd, large.subarray(8, 16), 4)).toBe(4);
    closeSync(fd);
    expect([...large]).toEqual([...Array(8).fill(0xff), 0, 0, 0, 0, ...Array(20).fill(0xff)]);
  });

  test('passes variadic arguments', () => {
    const fcntl = defineCall({
      name: 'fcntl',
      returns: 'int',
      parameters: ['int', 'int'],
      variadic: ['int'],
      decode: nonNegativeOrError,
    });
    const copy = checked(fcntl(0, 1030, 700), 'fcntl'); // F_DUPFD_CLOEXEC
    expect(copy).toBeGreaterThanOrEqual(700);
    expect(close(copy)).toBe(0);
  });

  test('carries 64-bit values whole, and returns negative results that are no errors as failures only', () => {
    const lseek = defineCall({
      name: 'lseek',
      returns: 'int64',
      parameters: ['int', 'int64', 'int'],
      decode: nonNegativeOrError,
    });
    const fd = openSync('/proc/self/exe', 'r');
    expect(lseek(fd, 2n ** 40n, 0)).toBe(2 ** 40);
    expect(lseek(fd, -1n, 0)).toBe(-constants.errno.EINVAL);
    closeSync(fd);
  });

  test('throws for a function that libc does not have', () => {
    const nope = defineCall({ name: 'osx_nope', returns: 'int', parameters: [], decode: zeroOrError });
    expect(() => nope()).toThrow(/osx_nope/);
  });

  test('retries EINTR for the decoder that says so, and hands it out for the other', async () => {
    const { code, stdout, stderr } = await runFixture(new URL('fixtures/interrupted-read.ts', import.meta.url));
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'plain: EINTR\nretry: 5\n', stderr: '' });
  });
});

describe('definePointerCall', () => {
  const getenv = definePointerCall({ name: 'getenv', parameters: ['string'], decode: pointerOrNull });

  test('returns an address as a bigint', () => {
    expect(getenv('PATH')).toBeTypeOf('bigint');
  });

  test('returns the errno as a number for NULL', () => {
    expect(getenv('OSX_SURELY_NOT_SET')).toBeTypeOf('number');
  });
});

describe('defineSyscall', () => {
  const pidfdOpen = defineSyscall({
    number: 'SYS_pidfd_open',
    parameters: ['int', 'uint'],
    decode: nonNegativeOrError,
  });

  test('calls the kernel by number', () => {
    const fd = checked(pidfdOpen(process.pid, 0), 'pidfd_open');
    expect(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')).toMatch(new RegExp(`^Pid:\\s+${process.pid}$`, 'm'));
    expect(close(fd)).toBe(0);
  });

  test('returns the negative errno', () => {
    expect(pidfdOpen(-1, 0)).toBe(-constants.errno.EINVAL);
  });
});

describe('checked', () => {
  test('names the call and its paths', () => {
    expect(() => checked(-2, 'rename', { path: '/a', dest: '/b' })).toThrow(
      expect.objectContaining({ code: 'ENOENT', errno: -2, syscall: 'rename', path: '/a', dest: '/b' }),
    );
  });

  test('passes a result through', () => {
    expect(checked(0, 'x')).toBe(0);
  });
});

test('toCString ends the bytes with NUL and keeps what is not UTF-8', () => {
  expect([...toCString(Buffer.from([0x2f, 0xff]))]).toEqual([0x2f, 0xff, 0]);
  expect([...toCString('/é')]).toEqual([0x2f, 0xc3, 0xa9, 0]);
});

test('the import loads nothing: koffi comes with the first call', async () => {
  const { code, stdout, stderr } = await runFixture(new URL('fixtures/lazy-load.ts', import.meta.url));
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: 'after import: no koffi\nafter a call: koffi\n',
    stderr: '',
  });
});

test('without koffi the first call fails with one clear error and the cure', async () => {
  const { code, stdout, stderr } = await runFixture(new URL('fixtures/without-koffi.ts', import.meta.url), [], {
    env: { NODE_PATH: '' }, // pnpm's own scripts set it, and require() would find koffi through it
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('isNativeAvailable: false');
  expect(stdout).toContain('UnsupportedError ERR_OSX_NATIVE_UNAVAILABLE');
  expect(stdout).toContain('--omit=optional');
  expect(stdout).toContain('cause: MODULE_NOT_FOUND');
});
