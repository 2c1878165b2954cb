import { needs, runTool } from '@osx/test-support';
import { expect } from 'vitest';

import { pageSize, roundToPageSize } from '@osx/linux/proc';

const { test } = needs('linux');

test('the page size is that of getconf', () => {
  expect(pageSize()).toBe(Number(runTool('getconf', ['PAGESIZE'])));
});

const page = pageSize();
test.each([
  [0, 0, 0],
  [1, 0, page],
  [page - 1, 0, page],
  [page, page, page],
  [page + 1, page, 2 * page],
  [3 * page, 3 * page, 3 * page],
])('%d is between %d and %d', (bytes, down, up) => {
  expect([roundToPageSize(bytes, 'down'), roundToPageSize(bytes, 'up')]).toEqual([down, up]);
  expect([roundToPageSize(BigInt(bytes), 'down'), roundToPageSize(BigInt(bytes), 'up')]).toEqual([
    BigInt(down),
    BigInt(up),
  ]);
});

test('addresses of 64 bits are exact', () => {
  const address = 0xffff_ffff_ff60_0001n;
  expect(roundToPageSize(address, 'down') % BigInt(page)).toBe(0n);
  expect(address - roundToPageSize(address, 'down')).toBe(address % BigInt(page));
});

test.each<[unknown, unknown, string]>([
  [-1, 'up', 'ERR_OUT_OF_RANGE'],
  [0.5, 'up', 'ERR_OUT_OF_RANGE'],
  [Number.MAX_SAFE_INTEGER, 'up', 'ERR_OUT_OF_RANGE'],
  [2n ** 64n - 1n, 'up', 'ERR_OUT_OF_RANGE'],
  [2n ** 64n, 'down', 'ERR_OUT_OF_RANGE'],
  ['1', 'up', 'ERR_INVALID_ARG_TYPE'],
  [1, 'nearest', 'ERR_INVALID_ARG_VALUE'],
  [1, undefined, 'ERR_INVALID_ARG_VALUE'],
])('(%s, %s) is refused', (bytes, direction, code) => {
  expect(() => roundToPageSize(bytes as number, direction as 'up')).toThrow(expect.objectContaining({ code }));
});
