import { describe, expect, test } from 'vitest';

import { packRecordLock, unpackRecordLock } from '@osx/fcntl';
import type { RecordLock } from '@osx/fcntl';

import { packRecordLockFor, unpackRecordLockFor } from '../src/internal/record-lock-bytes.ts';

const lock: RecordLock = { type: 'write', whence: 'end', start: 0x0102030405060708n, length: -2, pid: 0x0a0b0c0d };

describe('struct flock, byte by byte', () => {
  // short type, short whence, 4 of padding, off_t start, off_t len, pid_t pid, 4 of padding.
  test.each(['linux-x64', 'linux-arm64'] as const)('%s', (target) => {
    const bytes = packRecordLockFor(lock, target);
    expect(bytes.toString('hex')).toBe(
      ['0100', '0200', '00000000', '0807060504030201', 'feffffffffffffff', '0d0c0b0a', '00000000'].join(''),
    );
    expect(unpackRecordLockFor(bytes, target)).toEqual(lock);
  });

  // Not run on Darwin. off_t start, off_t len, pid_t pid, short type, short whence; F_RDLCK 1, F_UNLCK 2, F_WRLCK 3.
  test.each(['darwin-x64', 'darwin-arm64'] as const)('%s', (target) => {
    const bytes = packRecordLockFor(lock, target);
    expect(bytes.toString('hex')).toBe(['0807060504030201', 'feffffffffffffff', '0d0c0b0a', '0300', '0200'].join(''));
    expect(unpackRecordLockFor(bytes, target)).toEqual(lock);
  });

  test.each([
    ['linux-x64', { read: 0, write: 1, unlock: 2 }],
    ['darwin-arm64', { read: 1, write: 3, unlock: 2 }],
  ] as const)('the numbers of the types on %s', (target, numbers) => {
    for (const type of ['read', 'write', 'unlock'] as const) {
      const bytes = packRecordLockFor({ type }, target);
      expect(bytes.readInt16LE(target === 'linux-x64' ? 0 : 20)).toBe(numbers[type]);
    }
  });
});

test('every field round-trips; start and length are numbers where those are exact', () => {
  expect(unpackRecordLock(packRecordLock({ type: 'read' }))).toEqual({
    type: 'read',
    whence: 'start',
    start: 0,
    length: 0,
    pid: 0,
  });
  const large = { type: 'unlock', whence: 'current', start: -(2n ** 63n), length: 2n ** 63n - 1n, pid: -1 } as const;
  expect(unpackRecordLock(packRecordLock(large))).toEqual(large);
});

test.each([
  ['unknown type', { type: 'exclusive' }, TypeError],
  ['no type', {}, TypeError],
  ['unknown whence', { type: 'read', whence: 'middle' }, TypeError],
  ['start before the file', { type: 'read', start: -1 }, RangeError],
  ['start beyond off_t', { type: 'read', start: 2n ** 63n }, RangeError],
  ['start not an integer', { type: 'read', start: 0.5 }, RangeError],
  ['start not exact', { type: 'read', start: 2 ** 60 }, RangeError],
  ['start a string', { type: 'read', start: '1' }, TypeError],
  ['end beyond off_t', { type: 'read', start: 2n ** 63n - 1n, length: 2 }, RangeError],
  ['end before the file', { type: 'read', start: 10, length: -11 }, RangeError],
  ['pid not an int', { type: 'read', pid: 2 ** 31 }, RangeError],
  ['lock null', null, TypeError],
])('packing refuses: %s', (_, value, error) => {
  expect(() => packRecordLock(value as unknown as RecordLock)).toThrow(error);
});

test('the last byte can be locked', () => {
  expect(() => packRecordLock({ type: 'read', start: 2n ** 63n - 1n, length: 1 })).not.toThrow();
  expect(() => packRecordLock({ type: 'read', start: 10, length: -10 })).not.toThrow();
});

test('unpacking refuses what is no struct flock, and takes more bytes than it needs', () => {
  const bytes = packRecordLock({ type: 'write', start: 7 });
  expect(unpackRecordLock(Buffer.concat([bytes, Buffer.alloc(9)])).start).toBe(7);
  expect(() => unpackRecordLock(bytes.subarray(1))).toThrow(RangeError);
  expect(() => unpackRecordLock(Buffer.alloc(32, 0xff))).toThrow(RangeError);
  expect(() => unpackRecordLock('bytes' as unknown as Uint8Array)).toThrow(TypeError);
});
