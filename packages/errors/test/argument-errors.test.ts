import { lstatSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { checkFd, invalidArgType, invalidArgValue, outOfRange } from '../src/index.ts';
import { caught, hostileObjects, hostileValues } from './hostile-values.ts';

/** Only the part behind "Received". */
function received(error: Error): string {
  return error.message.split('. Received ')[1]!;
}

describe('beside an argument error of Node', () => {
  const theirs = caught(() => Buffer.alloc(-1));
  const ours = outOfRange('size', '>= 0', -1);

  test('class, name, code and their place are the same', () => {
    expect(theirs).toBeInstanceOf(RangeError);
    expect(ours).toBeInstanceOf(RangeError);
    expect(ours.name).toBe(theirs.name);
    expect(ours.code).toBe(theirs.code);
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    expect(Object.hasOwn(ours, 'name')).toBe(Object.hasOwn(theirs, 'name'));
  });

  test('the stack starts alike', () => {
    expect(theirs.stack).toMatch(/^RangeError \[ERR_OUT_OF_RANGE\]: The value of "size"/);
    expect(ours.stack).toMatch(/^RangeError \[ERR_OUT_OF_RANGE\]: The "size" argument must be >= 0\. Received -1\n/);
    expect(inspect(ours)).toMatch(
      /^RangeError \[ERR_OUT_OF_RANGE\]: .*\n {4}at [^]*\{\n {2}code: 'ERR_OUT_OF_RANGE'\n\}$/,
    );
  });

  test('a wrong type is told in the same words', () => {
    const node = caught(() => lstatSync(Symbol('x') as never));
    const words = 'of type string or an instance of Buffer or URL';
    expect(invalidArgType('path', words, Symbol('x')).message).toBe(node.message);
  });
});

test('the stack starts at the check, the factory is not in it', () => {
  const { stack } = caught(() => checkFd('fd', -1));
  expect(stack!.split('\n')[1]).toContain('checkInteger');
  expect(stack).not.toContain('at outOfRange');
  expect(stack).not.toContain('argumentError');
});

test('a stack of no frames does no harm', () => {
  const { stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 0;
    expect(outOfRange('n', '>= 0', -1).stack).toBe(
      'RangeError [ERR_OUT_OF_RANGE]: The "n" argument must be >= 0. Received -1',
    );
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
});

test('the three kinds', () => {
  expect(invalidArgType('a', 'of type string', 1)).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
  expect(invalidArgValue('a', 'x', 1)).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
  expect(outOfRange('a', '>= 0', -1)).toMatchObject({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
});

test('a dotted name is a property', () => {
  expect(outOfRange('options.mode', '>= 0', -1).message).toBe('The "options.mode" property must be >= 0. Received -1');
});

test('a cause is kept, and absent when there is none', () => {
  const cause = new Error('why');
  expect(invalidArgValue('a', 'x', 1, { cause }).cause).toBe(cause);
  expect('cause' in invalidArgValue('a', 'x', 1)).toBe(false);
});

test.each<[unknown, string]>([
  [undefined, 'undefined'],
  [null, 'null'],
  ['3', "type string ('3')"],
  ['', "type string ('')"],
  ['a\nb\0', String.raw`type string ('a\nb\x00')`],
  ['x'.repeat(28), `type string ('${'x'.repeat(28)}')`],
  ['x'.repeat(29), `type string ('${'x'.repeat(25)}...')`],
  [-0, 'type number (-0)'],
  [NaN, 'type number (NaN)'],
  [10n, 'type bigint (10n)'],
  [-(2n ** 64n), 'type bigint (-18446744073709551616n)'],
  [1n << 100_000n, 'type bigint (a bigint of over 128 bits)'],
  [-(1n << 100_000n), 'type bigint (a bigint of over 128 bits)'],
  [true, 'type boolean (true)'],
  [Symbol('s'), 'type symbol (Symbol(s))'],
  [function named() {}, 'function named'],
  [(() => () => {})(), 'a function'],
  [[1], 'an instance of Array'],
  [new Map(), 'an instance of Map'],
  [{}, 'an instance of Object'],
  [Object.create(null), '[Object: null prototype]'],
  [{ constructor: undefined }, 'an object'],
  [{ constructor: { name: 5 } }, 'an object'],
  [{ constructor: { name: 'a\nb' } }, String.raw`an instance of a\nb`],
])('a value of the wrong type is shown as it is by Node, case %$', (value, text) => {
  expect(received(invalidArgType('a', 'x', value))).toBe(text);
});

test.each<[unknown, string]>([
  ['x', "'x'"],
  [-0, '-0'],
  [1e21, '1e+21'],
  [Infinity, 'Infinity'],
  [2n ** 64n, '18446744073709551616n'],
  [1n << 100_000n, 'a bigint of over 128 bits'],
  [Symbol('s'), 'Symbol(s)'],
  [undefined, 'undefined'],
  [null, 'null'],
  [new Uint8Array(3), 'an instance of Uint8Array'],
])('a value of the right type is shown bare, case %$', (value, text) => {
  expect(received(outOfRange('a', 'x', value))).toBe(text);
  expect(received(invalidArgValue('a', 'x', value))).toBe(text);
});

describe('no value breaks the telling', () => {
  test.each(hostileValues)('%s', (_, value) => {
    for (const make of [invalidArgType, invalidArgValue, outOfRange]) {
      const { message } = make('a', 'x', value);
      expect(message).toMatch(/^The "a" argument must be x\. Received [^\n]+$/);
      expect(message.length).toBeLessThan(120);
    }
  });

  test.each(hostileObjects)('%s does not get its code run', (_, value) => {
    expect(invalidArgType('a', 'x', value).message).not.toContain('own code');
  });
});
