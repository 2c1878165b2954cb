import { describe, expect, test } from 'vitest';

import { defineStruct } from '@osx/native-ffi';

const FLOCK = {
  size: 32,
  fields: { l_type: ['i16', 0], l_whence: ['i16', 2], l_start: ['i64', 8], l_len: ['i64', 16], l_pid: ['i32', 24] },
} as const;

describe('defineStruct', () => {
  const flock = defineStruct('flock', { 'linux-x64': FLOCK });

  test('packs fields at their offsets and leaves the rest zero', () => {
    const bytes = flock.pack({ l_type: 1, l_start: -2n, l_len: 5n }, 'linux-x64');
    expect(bytes.toString('hex')).toBe(
      '0100' + '0000' + '00000000' + 'feffffffffffffff' + '0500000000000000' + '0000000000000000',
    );
  });

  test('unpacks what it packed, 64-bit fields as bigint', () => {
    const values = { l_type: -1, l_whence: 2, l_start: 2n ** 62n, l_len: -1n, l_pid: -7 };
    expect(flock.unpack(flock.pack(values, 'linux-x64'), 'linux-x64')).toEqual(values);
  });

  test('reads from a view in the middle of a larger buffer', () => {
    const large = new Uint8Array(64);
    large.set(flock.pack({ l_pid: 9 }, 'linux-x64'), 16);
    expect(flock.unpack(large.subarray(16, 48), 'linux-x64').l_pid).toBe(9);
  });

  test('refuses a field that the struct does not have, and bytes that are too few', () => {
    expect(() => flock.pack({ l_nope: 1 } as never, 'linux-x64')).toThrow(/no field l_nope/);
    expect(() => flock.unpack(new Uint8Array(31), 'linux-x64')).toThrow(/32 bytes, got 31/);
  });

  test('refuses a value that does not fit its field', () => {
    expect(() => flock.pack({ l_type: 40_000 }, 'linux-x64')).toThrow(RangeError);
    expect(() => flock.pack({ l_start: 2n ** 63n }, 'linux-x64')).toThrow(RangeError);
  });

  test('refuses a target without a layout', () => {
    expect(() => flock.size('darwin-arm64')).toThrow(
      expect.objectContaining({ code: 'ENOTSUP', platform: 'darwin-arm64' }),
    );
  });

  test.each([
    ['overlapping fields', { size: 8, fields: { a: ['i32', 0], b: ['i32', 2] } }, /overlaps/],
    ['a field at an odd offset', { size: 8, fields: { a: ['i32', 2] } }, /not aligned/],
    ['a field behind the end', { size: 4, fields: { a: ['i64', 0] } }, /behind its size/],
  ] as const)('finds %s at first use', (_, layout, message) => {
    expect(() => defineStruct('broken', { 'linux-x64': layout }).size('linux-x64')).toThrow(message);
  });

  test('allows odd offsets in a packed struct', () => {
    const packed = defineStruct('epoll_event', {
      'linux-x64': { size: 12, packed: true, fields: { events: ['u32', 0], data: ['u64', 4] } },
    });
    expect(packed.unpack(packed.pack({ data: 5n }, 'linux-x64'), 'linux-x64').data).toBe(5n);
  });
});
