import { inspect } from 'node:util';
import {
  booleanType,
  bytesType,
  durationType,
  enumType,
  integerType,
  jsonType,
  listType,
  numberType,
  pathType,
  stringType,
  urlType,
  type VariableType,
} from '@osx/environ';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

/** The value, or the message. */
function read<Value>(type: VariableType<Value>, text: string): unknown {
  const result = type.parse(text, { HOME: '/srv/ada' });
  return result.issues === undefined ? result.value : new Error(result.issues[0]?.message);
}

const accepted: [string, VariableType<unknown>, [text: string, value: unknown][]][] = [
  [
    'string',
    stringType(),
    [
      ['', ''],
      [' a ', ' a '],
      ['undefined', 'undefined'],
    ],
  ],
  [
    'string, bounded',
    stringType({ minLength: 1, maxLength: 2 }),
    [
      ['a', 'a'],
      ['😀é', '😀é'],
    ],
  ],
  [
    'string, pattern',
    stringType({ pattern: /a|b+/g }),
    [
      ['a', 'a'],
      ['bb', 'bb'],
      ['a', 'a'],
    ],
  ],
  [
    'integer',
    integerType(),
    [
      ['0', 0],
      ['-7', -7],
      ['9007199254740991', 9007199254740991],
      ['-9007199254740991', -9007199254740991],
    ],
  ],
  [
    'integer, bounded',
    integerType({ min: 1, max: 3 }),
    [
      ['1', 1],
      ['3', 3],
    ],
  ],
  [
    'number',
    numberType(),
    [
      ['0', 0],
      ['-0.5', -0.5],
      ['1e3', 1000],
      ['1.5E-3', 0.0015],
      ['-0', -0],
    ],
  ],
  [
    'boolean',
    booleanType(),
    [
      ['true', true],
      ['TRUE', true],
      ['True', true],
      ['1', true],
      ['yes', true],
      ['on', true],
      ['false', false],
      ['0', false],
      ['No', false],
      ['OFF', false],
    ],
  ],
  [
    'enum',
    enumType(['a', 'b c']),
    [
      ['a', 'a'],
      ['b c', 'b c'],
    ],
  ],
  [
    'list',
    listType(),
    [
      ['', []],
      ['a', ['a']],
      ['a, b ,c', ['a', 'b', 'c']],
      ['a b', ['a b']],
    ],
  ],
  ['list of integers', listType({ of: integerType(), separator: ':', trim: false }), [['1:2', [1, 2]]]],
  [
    'duration',
    durationType(),
    [
      ['0', 0],
      ['0s', 0],
      ['250ms', 250],
      ['1.5s', 1500],
      ['1h30m', 5_400_000],
      ['1d', 86_400_000],
      ['2w', 1_209_600_000],
      ['1.005s', 1005],
      ['2.3s', 2300],
      ['500us', 0.5],
      ['1ns', 1e-6],
      ['0.001ms', 0.001],
    ],
  ],
  [
    'bytes',
    bytesType(),
    [
      ['0', 0],
      ['512', 512],
      ['512B', 512],
      ['64kB', 64_000],
      ['64KiB', 65_536],
      ['1.5GiB', 1_610_612_736],
      ['0.1MB', 100_000],
      ['7PiB', 7 * 2 ** 50],
    ],
  ],
  [
    'url',
    urlType(),
    [
      ['https://a/b?c', new URL('https://a/b?c')],
      ['mailto:x', new URL('mailto:x')],
    ],
  ],
  [
    'url, protocols',
    urlType({ protocols: ['https', 'WSS:'] }),
    [
      ['HTTPS://a', new URL('https://a/')],
      ['wss://a', new URL('wss://a/')],
    ],
  ],
  [
    'path',
    pathType(),
    [
      ['a', 'a'],
      ['~/a', '~/a'],
      ['/a//b/', '/a//b/'],
    ],
  ],
  [
    'path, home',
    pathType({ expandUser: true, absolute: true }),
    [
      ['~/a', '/srv/ada/a'],
      ['~', '/srv/ada'],
    ],
  ],
  [
    'path, from',
    pathType({ relativeTo: '/srv' }),
    [
      ['a/../b', '/srv/b'],
      ['/a', '/a'],
    ],
  ],
  [
    'json',
    jsonType(),
    [
      ['null', null],
      ['{"__proto__":1}', JSON.parse('{"__proto__":1}')],
      [' [1] ', [1]],
    ],
  ],
];

describe.each(accepted)('%s takes', (_, type, cases) => {
  test.each(cases)('%j', (text, value) => expect(read(type, text)).toEqual(value));
});

const refusedTexts: [string, VariableType<unknown>, string[]][] = [
  ['string, bounded', stringType({ minLength: 1, maxLength: 2 }), ['', 'abc', '😀😀😀']],
  ['string, pattern', stringType({ pattern: /a|b+/m }), ['', 'ab', 'xa', 'a\nx', 'x\na']],
  [
    'integer',
    integerType(),
    [
      '',
      ' 1',
      '1 ',
      '+1',
      '01',
      '-0',
      '1.0',
      '1e3',
      '0x1',
      '0b1',
      '1_000',
      '1,000',
      '1n',
      '٣',
      'NaN',
      'Infinity',
      '9007199254740992',
      '-9007199254740992',
      '9'.repeat(400),
      '1\n',
    ],
  ],
  ['integer, bounded', integerType({ min: 1, max: 3 }), ['0', '4', '-1']],
  ['number', numberType(), ['', '.5', '5.', '+1', '01', '0x1', '1e', 'NaN', 'Infinity', '1e999', ' 1', '1,5', '1\n']],
  [
    'boolean',
    booleanType(),
    ['', 't', 'y', 'enabled', ' true', 'true ', '01', 'truthy', '2', 'ſ', 'yeſ', 'undefined', 'null'],
  ],
  ['enum', enumType(['a']), ['', 'A', 'a ', 'b']],
  ['list', listType(), [',', 'a,', 'a,,b', ' ']],
  ['list of integers', listType({ of: integerType(), minItems: 1, maxItems: 2 }), ['', '1,x', '1,2,3']],
  [
    'duration',
    durationType(),
    [
      '',
      '5',
      '1.5',
      's',
      '1 s',
      '-1s',
      '+1s',
      '1S',
      '1sec',
      '30m1h',
      '1h1h',
      '.5s',
      '1.s',
      '01s',
      '1e3ms',
      '0.1ns',
      '1h 30m',
      `${'9'.repeat(39)}w`,
      '1h'.repeat(200),
    ],
  ],
  ['duration, bounded', durationType({ minMs: 1000, maxMs: 60_000 }), ['0', '999ms', '61s']],
  [
    'bytes',
    bytesType(),
    [
      '',
      '-1',
      '1.5',
      '0.5B',
      '1 kB',
      '1K',
      '1KB',
      '1kb',
      '1mb',
      '1M',
      '1Mb',
      '1kiB',
      '8PiB',
      '.5kB',
      '01',
      '1e3',
      `1${'0'.repeat(100)}`,
    ],
  ],
  [
    'url',
    urlType(),
    [
      '',
      'a',
      '/a',
      '//a',
      'http://',
      ' http://a',
      'http://a ',
      'ht\ntp://a',
      'http://a\t/b',
      'http://a/b c',
      'http://[',
    ],
  ],
  ['url, protocols', urlType({ protocols: ['https:'] }), ['http://a', 'localhost:80', 'javascript:0']],
  ['path', pathType(), ['', 'a\0b']],
  ['path, absolute', pathType({ absolute: true }), ['a', './a', '~/a', '']],
  ['json', jsonType(), ['', '{', "{'a':1}", 'undefined', '[1,]', 'NaN']],
];

describe.each(refusedTexts)('%s refuses', (_, type, cases) => {
  test.each(cases)('%j', (text) => {
    const error = read(type, text);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(/^(must|has) /);
    if (text.length > 5 && type.kind !== 'path') expect((error as Error).message).not.toContain(text);
  });
});

test.each([
  [integerType(), 'an integer'],
  [integerType({ min: 1 }), 'an integer of at least 1'],
  [integerType({ max: 1 }), 'an integer of at most 1'],
  [integerType({ min: 1, max: 65_535 }), 'an integer from 1 to 65535'],
  [stringType({ minLength: 1 }), 'a text of at least 1 character'],
  [stringType({ maxLength: 5 }), 'a text of at most 5 characters'],
  [stringType({ minLength: 4, maxLength: 4, pattern: /\d+/ }), 'a text of 4 characters that matches /\\d+/'],
  [enumType(['a', 'b', 'c d']), 'a, b or "c d"'],
  [
    listType({ of: integerType(), minItems: 1 }),
    'a list of at least 1 item with "," between the items, each an integer',
  ],
  [durationType({ minMs: 1000, maxMs: 90_000 }), 'a duration from 1s to 1m30s, such as 250ms, 1.5s or 1h30m'],
  [bytesType({ maxBytes: 1 << 20 }), 'a size from 0 to 1MiB, such as 512, 64kB or 1.5GiB'],
  [urlType({ protocols: ['http', 'https'] }), 'a URL that begins with http:// or https://'],
])('what is expected is said: %#', (type, expected) => expect(type.expected).toBe(expected));

test('what is nearly right is told how it is right', () => {
  expect(read(bytesType(), '10KB')).toEqual(
    new Error('must have the unit kB (powers of 1000) or KiB (powers of 1024)'),
  );
  expect(read(durationType(), '30')).toEqual(new Error('must have a unit, such as ms, s, m or h'));
  expect(read(listType({ of: integerType() }), '1,x')).toEqual(
    new Error('has a wrong item 2, which must be an integer'),
  );
});

describe('values come back from their texts', () => {
  const wholeMs = fc.integer({ min: 0, max: 2 ** 53 - 1 });
  const cases: [string, VariableType<unknown>, fc.Arbitrary<unknown>][] = [
    ['string', stringType(), fc.string({ unit: 'binary' })],
    ['integer', integerType(), fc.maxSafeInteger()],
    ['number', numberType(), fc.double({ noNaN: true, noDefaultInfinity: true })],
    ['boolean', booleanType(), fc.boolean()],
    ['duration', durationType(), wholeMs],
    ['duration below a millisecond', durationType(), fc.integer({ min: 0, max: 1e9 }).map((ns) => ns / 1e6)],
    ['bytes', bytesType(), fc.maxSafeNat()],
    ['list', listType({ of: integerType() }), fc.array(fc.maxSafeInteger())],
    ['json', jsonType(), fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown)],
    ['url', urlType(), fc.webUrl().map((url) => new URL(url))],
  ];
  test.each(cases)('%s', (_, type, values) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(read(type, type.format(value))).toEqual(value);
      }),
    );
  });

  test('nothing that no text stands for has one', () => {
    const bad: [VariableType<unknown>, unknown[]][] = [
      [stringType(), [1, null, {}]],
      [integerType(), [1.5, NaN, '1', 2 ** 53]],
      [numberType(), [NaN, Infinity, '1']],
      [booleanType(), ['true', 1]],
      [enumType(['a']), ['b', 1]],
      [durationType(), [-1, NaN, '1s']],
      [bytesType(), [-1, 1.5]],
      [listType(), ['a', [1], ['a,b']]],
      [urlType(), ['http://a']],
      [jsonType(), [undefined, () => {}]],
    ];
    for (const [type, values] of bad) {
      for (const value of values) {
        expect(() => type.format(value), `${type.kind} ${inspect(value)}`).toThrow(
          expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
        );
      }
    }
  });
});

test.each([
  ['min', () => integerType({ min: '1' as never }), 'ERR_INVALID_ARG_TYPE'],
  ['min NaN', () => numberType({ min: NaN }), 'ERR_INVALID_ARG_VALUE'],
  ['max below min', () => integerType({ min: 2, max: 1 }), 'ERR_OUT_OF_RANGE'],
  ['minLength', () => stringType({ minLength: -1 }), 'ERR_OUT_OF_RANGE'],
  ['maxLength below', () => stringType({ minLength: 2, maxLength: 1 }), 'ERR_OUT_OF_RANGE'],
  ['pattern', () => stringType({ pattern: 'a' as never }), 'ERR_INVALID_ARG_TYPE'],
  ['words', () => enumType('ab' as never), 'ERR_INVALID_ARG_TYPE'],
  ['no word', () => enumType([]), 'ERR_INVALID_ARG_VALUE'],
  ['a word', () => enumType([1 as never]), 'ERR_INVALID_ARG_TYPE'],
  ['of', () => listType({ of: {} as never }), 'ERR_INVALID_ARG_TYPE'],
  ['separator', () => listType({ separator: '' }), 'ERR_INVALID_ARG_VALUE'],
  ['trim', () => listType({ trim: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
  ['maxItems', () => listType({ minItems: 2, maxItems: 1 }), 'ERR_OUT_OF_RANGE'],
  ['protocols', () => urlType({ protocols: 'http' as never }), 'ERR_INVALID_ARG_TYPE'],
  ['absolute', () => pathType({ absolute: 'yes' as never }), 'ERR_INVALID_ARG_TYPE'],
  ['schema', () => jsonType({ schema: { '~standard': { version: 2 } } as never }), 'ERR_INVALID_ARG_VALUE'],
  ['options', () => integerType(null as never), 'ERR_INVALID_ARG_TYPE'],
])('refused: %s', (_, call, code) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});

test('a list cannot be changed, a URL is a new one each time', () => {
  expect(Object.isFrozen(read(listType(), 'a,b'))).toBe(true);
  const type = urlType();
  expect(read(type, 'http://a')).not.toBe(read(type, 'http://a'));
});

test('a type is a Standard Schema', () => {
  const { version, vendor, validate } = integerType()['~standard'];
  expect([version, vendor, validate('1')]).toEqual([1, '@osx/environ', { value: 1 }]);
  expect(validate(1)).toEqual({ issues: [{ message: 'must be a string' }] });
  expect(validate('x')).toEqual({ issues: [{ message: 'must be an integer' }] });
});
