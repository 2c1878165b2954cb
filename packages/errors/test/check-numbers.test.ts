import { describe, expect, test } from 'vitest';
import { checkFd, checkInteger, checkInteger64, checkTimeoutMs } from '../src/index.ts';
import { hostileValues, refusal } from './hostile-values.ts';

const notNumbers = hostileValues.filter(([, value]) => typeof value !== 'number');
const typeError = (name: string, expected: string): string =>
  `TypeError ERR_INVALID_ARG_TYPE: The "${name}" argument must be ${expected}. Received `;
const rangeError = (expected: string, received: string): string =>
  `RangeError ERR_OUT_OF_RANGE: The "n" argument must be ${expected}. Received ${received}`;

describe('checkInteger', () => {
  test.each([0, 1, -1, 0o644, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('gives back %d', (value) =>
    expect(checkInteger('n', value)).toBe(value),
  );

  test('turns -0 into 0', () => expect(checkInteger('n', -0)).toBe(0));

  test.each<[number, object, string]>([
    [NaN, {}, 'an integer'],
    [Infinity, {}, 'an integer'],
    [-Infinity, {}, 'an integer'],
    [1.5, {}, 'an integer'],
    [5e-324, {}, 'an integer'],
    [1e21, {}, '>= -9007199254740991 and <= 9007199254740991'],
    [2 ** 53, {}, '>= -9007199254740991 and <= 9007199254740991'],
    [-1, { min: 0 }, '>= 0 and <= 9007199254740991'],
    [8, { min: 0, max: 7 }, '>= 0 and <= 7'],
    [8, { max: 7 }, '>= -9007199254740991 and <= 7'],
  ])('refuses %d with %o', (value, bounds, expected) => {
    expect(refusal(() => checkInteger('n', value, bounds))).toMatch(rangeError(expected, String(value)));
  });

  test('the bounds themselves are inside', () => {
    expect([checkInteger('n', 3, { min: 3, max: 7 }), checkInteger('n', 7, { min: 3, max: 7 })]).toEqual([3, 7]);
  });

  test.each(notNumbers)('refuses %s', (_, value) => {
    expect(refusal(() => checkInteger('n', value))).toMatch(typeError('n', 'of type number'));
  });
});

describe('checkInteger64', () => {
  const signed = '>= -9223372036854775808 and <= 9223372036854775807';

  test.each<[number | bigint, bigint]>([
    [0, 0n],
    [-0, 0n],
    [Number.MAX_SAFE_INTEGER, 9007199254740991n],
    [2n ** 63n - 1n, 2n ** 63n - 1n],
    [-(2n ** 63n), -(2n ** 63n)],
  ])('gives %s as %s', (value, expected) => expect(checkInteger64('n', value)).toBe(expected));

  test('takes unsigned ones when told', () => {
    expect(checkInteger64('n', 2n ** 64n - 1n, { min: 0, max: 2n ** 64n - 1n })).toBe(18446744073709551615n);
  });

  test.each<[number | bigint, object, string, string]>([
    [NaN, {}, 'a safe integer or a bigint', 'NaN'],
    [0.5, {}, 'a safe integer or a bigint', '0.5'],
    [1e21, {}, 'a safe integer or a bigint', '1e+21'],
    [-Infinity, {}, 'a safe integer or a bigint', '-Infinity'],
    [2n ** 63n, {}, signed, '9223372036854775808n'],
    [-(2n ** 63n) - 1n, {}, signed, '-9223372036854775809n'],
    [1n << 100_000n, {}, signed, 'a bigint of over 128 bits'],
    [-1, { min: 0 }, '>= 0 and <= 9223372036854775807', '-1'],
    [-1n, { min: 0n, max: 5 }, '>= 0 and <= 5', '-1n'],
    [6, { max: 5n, min: 0 }, '>= 0 and <= 5', '6'],
  ])('refuses what is no integer or outside, case %$', (value, bounds, expected, received) => {
    expect(refusal(() => checkInteger64('n', value, bounds))).toBe(rangeError(expected, received));
  });

  test.each(notNumbers.filter(([, value]) => typeof value !== 'bigint'))('refuses %s', (_, value) => {
    expect(refusal(() => checkInteger64('n', value))).toMatch(typeError('n', 'of type number or bigint'));
  });
});

describe('checkFd', () => {
  test.each([0, 3, 2 ** 31 - 1])('gives back %d', (fd) => expect(checkFd('fd', fd)).toBe(fd));

  test.each([-1, 2 ** 31, 1e21, NaN, 0.5, Infinity])('refuses %d', (fd) => {
    expect(refusal(() => checkFd('fd', fd))).toMatch(/^RangeError ERR_OUT_OF_RANGE: The "fd" argument must be /);
  });

  test.each(notNumbers)('refuses %s', (_, value) => {
    expect(refusal(() => checkFd('fd', value))).toMatch(typeError('fd', 'of type number'));
  });
});

describe('checkTimeoutMs', () => {
  test.each<[number | undefined, number | undefined]>([
    [undefined, undefined],
    [Infinity, undefined],
    [0, 0],
    [-0, 0],
    [0.25, 0.25],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31, 2 ** 31 - 1],
    [1e21, 2 ** 31 - 1],
  ])('%d gives %d', (value, expected) => expect(checkTimeoutMs('n', value)).toBe(expected));

  test.each([NaN, -1, -Infinity, -5e-324])('refuses %d', (value) => {
    expect(refusal(() => checkTimeoutMs('n', value))).toBe(rangeError('>= 0', String(value)));
  });

  test.each(notNumbers.filter(([, value]) => value !== undefined))('refuses %s', (_, value) => {
    expect(refusal(() => checkTimeoutMs('n', value))).toMatch(typeError('n', 'of type number'));
  });
});
