import { expect, test } from 'vitest';

import { controlBytesFor, decodeControl, encodeControl, mostControlBytes } from '../src/internal/control-messages.ts';

const credentials = { pid: 1, uid: 2, gid: 3 };

test('what is encoded is decoded', () => {
  expect(decodeControl(encodeControl([3, 4, 5], credentials), 3)).toEqual({ fds: [3, 4, 5], surplus: [], credentials });
  expect(decodeControl(encodeControl([], undefined), 3)).toEqual({ fds: [], surplus: [], credentials: undefined });
});

test('what is beyond the wanted number is surplus', () => {
  expect(decodeControl(encodeControl([3, 4, 5], undefined), 1)).toMatchObject({ fds: [3], surplus: [4, 5] });
  const twice = Buffer.concat([encodeControl([3], undefined), encodeControl([4], undefined)]);
  expect(decodeControl(twice, 1)).toMatchObject({ fds: [3], surplus: [4] });
});

test('the space for descriptors is exact: the padding would take one more', () => {
  expect([0, 1, 2, 3].map((count) => controlBytesFor(count, false))).toEqual([0, 20, 24, 28]);
  expect([0, 1, 2, 3].map((count) => controlBytesFor(count, true))).toEqual([32, 52, 56, 60]);
  expect(controlBytesFor(253, true)).toBeLessThan(mostControlBytes());
});

test('a message that was cut, or says nonsense about its length, ends the reading', () => {
  const whole = encodeControl([3, 4, 5, 6], undefined);
  expect(decodeControl(whole.subarray(0, 24), 9)).toMatchObject({ fds: [3, 4] });
  expect(decodeControl(whole.subarray(0, 15), 9)).toMatchObject({ fds: [] });
  for (const length of [0n, 15n, 2n ** 63n]) {
    whole.writeBigUInt64LE(length);
    expect(decodeControl(whole, 9).fds.length).toBeLessThanOrEqual(4);
  }
});

test('a pidfd that somebody else asked for is surplus; a foreign message is left alone', () => {
  const pidfd = encodeControl([7], undefined);
  pidfd.writeInt32LE(4, 12);
  expect(decodeControl(pidfd, 9)).toMatchObject({ fds: [], surplus: [7] });
  pidfd.writeInt32LE(-3, 16);
  expect(decodeControl(pidfd, 9)).toMatchObject({ fds: [], surplus: [] });
  const foreign = encodeControl([7], undefined);
  foreign.writeInt32LE(41, 8);
  expect(decodeControl(foreign, 9)).toMatchObject({ fds: [], surplus: [] });
});
