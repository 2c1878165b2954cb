import { expect, test } from 'vitest';

import { overlaps } from '../src/internal/lock-request.ts';
import { without } from '../src/internal/posix-files.ts';

const range = (start: number, length: number) => ({ start: BigInt(start), length: BigInt(length) });

test.each([
  [0, 10, 10, 10, false],
  [0, 10, 9, 1, true],
  [5, 5, 0, 6, true],
  [5, 5, 0, 5, false],
  [0, 0, 1_000_000, 1, true],
  [100, 0, 0, 100, false],
  [100, 0, 0, 101, true],
  [0, 0, 0, 0, true],
])('[%i,%i) and [%i,%i) share a byte: %s', (start, length, otherStart, otherLength, expected) => {
  expect(overlaps(range(start, length), range(otherStart, otherLength))).toBe(expected);
  expect(overlaps(range(otherStart, otherLength), range(start, length))).toBe(expected);
});

test.each([
  ['nothing else', [0, 10], [], [[0, 10]]],
  ['one apart', [0, 10], [[20, 5]], [[0, 10]]],
  ['all covered', [5, 5], [[0, 0]], []],
  [
    'the middle',
    [0, 10],
    [[4, 2]],
    [
      [0, 4],
      [6, 4],
    ],
  ],
  ['the start', [0, 10], [[0, 4]], [[4, 6]]],
  [
    'to the end of everything',
    [0, 0],
    [[4, 2]],
    [
      [0, 4],
      [6, 0],
    ],
  ],
  ['the other to the end of everything', [0, 10], [[4, 0]], [[0, 4]]],
  [
    'two',
    [0, 10],
    [
      [2, 2],
      [6, 2],
    ],
    [
      [0, 2],
      [4, 2],
      [8, 2],
    ],
  ],
])('what is left of a range: %s', (_, [start, length], others, expected) => {
  const rest = without(
    range(start as number, length as number),
    others.map(([s, l]) => range(s as number, l as number)),
  );
  expect(rest).toEqual(expected.map(([s, l]) => range(s as number, l as number)));
});
