import { describe, expect, test } from 'vitest';
import { encodeJournalEntry } from '@osx/journald';
import type { JournalFields } from '@osx/journald';
import { readEntry } from '../src/internal/read-entry.ts';

/** The bytes as text, one character each. */
function encoded(fields: JournalFields): string {
  return encodeJournalEntry(fields).toString('latin1');
}

function valuesOf(fields: JournalFields, name: string): string[] {
  return readEntry(encodeJournalEntry(fields)).flatMap(([field, value]) => (field === name ? [value.toString()] : []));
}

function valueOf(fields: JournalFields, name: string): string | undefined {
  return valuesOf(fields, name)[0];
}

describe('framing', () => {
  test('plain text is a line', () => {
    expect(encoded({ MESSAGE: 'a = b', B: '' })).toBe('MESSAGE=a = b\nB=\n');
  });

  test.each([
    ['line feed', 'a\nB=1', 'A\n\x05\0\0\0\0\0\0\0a\nB=1\n'],
    ['NUL', '\0', 'A\n\x01\0\0\0\0\0\0\0\0\n'],
    ['escape', '\x1b[31m', 'A\n\x05\0\0\0\0\0\0\0\x1b[31m\n'],
    ['tab', '\t', 'A\n\x01\0\0\0\0\0\0\0\t\n'],
    ['carriage return', '\r', 'A\n\x01\0\0\0\0\0\0\0\r\n'],
    ['bytes', Buffer.from([0xff, 0x0a]), 'A\n\x02\0\0\0\0\0\0\0\xff\n\n'],
    ['no bytes', new Uint8Array(0), 'A\n\0\0\0\0\0\0\0\0\n'],
  ])('%s goes with its length', (_name, value, bytes) => {
    expect(encoded({ A: value })).toBe(bytes);
  });

  test('lines and frames take turns', () => {
    expect(encoded({ A: 'x', B: '\n', C: 'y', D: '\n' })).toBe(
      'A=x\nB\n\x01\0\0\0\0\0\0\0\n\nC=y\nD\n\x01\0\0\0\0\0\0\0\n\n',
    );
  });

  test('a half of a surrogate pair is no half of the next character', () => {
    expect(encodeJournalEntry({ A: '\ud83d', B: '\ude00' })).toEqual(Buffer.from('A=\ufffd\nB=\ufffd\n'));
  });
});

describe('names', () => {
  test.each([
    '',
    'a',
    'aB',
    '_A',
    '1A',
    'A-B',
    'A B',
    'A=B',
    'A\n',
    'A\nB',
    'A\0',
    'Ä',
    'A'.repeat(65),
    '__proto',
    '.A',
    '#A',
  ])('%j is refused, with the value and the wish', (name) => {
    const error = thrown(() => encodeJournalEntry({ MESSAGE: 'x', [name]: 'its value' }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    expect(error.message).toContain(`"fields.${JSON.stringify(name).slice(1, -1)}" property must be named by A to Z`);
    expect(error.message).toContain("Received 'its value'");
  });

  test('64 characters are taken', () => {
    expect(encoded({ ['A'.repeat(64)]: 1 })).toBe(`${'A'.repeat(64)}=1\n`);
  });

  test('names are checked of fields without a value too', () => {
    expect(() => encodeJournalEntry({ MESSAGE: 'x', lower: undefined })).toThrow(/fields\.lower/);
  });

  test('a very long name is cut in the message', () => {
    expect(thrown(() => encodeJournalEntry({ ['x'.repeat(100_000)]: 1 })).message.length).toBeLessThan(300);
  });

  test('only own enumerable names count', () => {
    const inherited = Object.create({ INHERITED: 1 }) as JournalFields;
    expect(encoded(Object.assign(inherited, { A: 1 }))).toBe('A=1\n');
  });
});

describe('values', () => {
  test.each<[JournalFields[string], string]>([
    [1.5, '1.5'],
    [NaN, 'NaN'],
    [2n ** 64n, '18446744073709551616'],
    [true, 'true'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(NaN), 'Invalid Date'],
    [new Uint16Array([0x4142]), 'BA'],
    [new DataView(new Uint8Array([65, 66, 67]).buffer, 1), 'BC'],
    [new Uint8Array([65]).buffer, 'A'],
    [{ a: 1, b: [2n, new Uint8Array([1])] }, '{"a":1,"b":["2","AQ=="]}'],
    [new Map([['a', new Set([1])]]), '[["a",[1]]]'],
    [new URL('file:///x'), 'file:///x'],
    [Object.create(null), '{}'],
    [new Error('x'), 'Error: x'],
    [Object.assign(new TypeError('x'), { message: '' }), 'TypeError'],
  ])('%o', (value, text) => {
    expect(valueOf({ A: value }, 'A')).toBe(text);
  });

  test('nothing is no field', () => {
    expect(encoded({ A: null, B: undefined, C: [], D: [null, 1, undefined], E: { toJSON: () => undefined } })).toBe(
      'D=1\n',
    );
  });

  test('an array is several values', () => {
    expect(encoded({ A: ['x', 2, [3]] })).toBe('A=x\nA=2\nA=[3]\n');
  });

  test.each([{}, { A: null }, { A: [] }])('nothing at all is refused: %o', (fields) => {
    expect(() => encodeJournalEntry(fields)).toThrow(/at least one field with a value/);
  });

  test.each([undefined, null, 'text', [], () => {}])('fields must be an object: %o', (fields) => {
    expect(() => encodeJournalEntry(fields as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    );
  });

  test.each([() => {}, Symbol('x')])('%o is refused', (value) => {
    expect(() => encodeJournalEntry({ A: value as never })).toThrow(/"fields\.A".* must be/);
    expect(() => encodeJournalEntry({ A: ['x', value] as never })).toThrow(TypeError);
  });

  test('circles end', () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle['self'] = circle;
    circle['deep'] = { list: [circle], map: new Map([['m', circle]]) };
    const shared = {};
    circle['twice'] = [shared, shared];
    expect(JSON.parse(valueOf({ A: circle }, 'A') as string)).toEqual({
      a: 1,
      self: '[Circular]',
      deep: { list: ['[Circular]'], map: [['m', '[Circular]']] },
      twice: [{}, {}],
    });
  });

  test('what throws when it is read says so', () => {
    const throwing = {
      get a() {
        throw new Error('no');
      },
    };
    expect(valueOf({ A: throwing }, 'A')).toBe('[Throws: no]');
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(valueOf({ A: proxy }, 'A')).toMatch(/^\[Throws: .*revoked/);
    let deep: unknown = 1;
    for (let i = 0; i < 200_000; i += 1) deep = [deep];
    expect(valueOf({ A: [deep] as never }, 'A')).toMatch(/^\[Throws: /);
    const hostile = new Error('x');
    Object.defineProperty(hostile, 'stack', {
      get() {
        throw new Error('no stack');
      },
    });
    expect(valueOf({ A: hostile }, 'A_STACK')).toBe('[Throws: no stack]');
  });

  test('1,024 values are taken, more refused', () => {
    const many = (count: number): JournalFields =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`F${i}`, i]));
    expect(readEntry(encodeJournalEntry(many(1_024)))).toHaveLength(1_024);
    expect(() => encodeJournalEntry(many(1_025))).toThrow(RangeError);
    expect(() => encodeJournalEntry({ A: Array.from({ length: 1_025 }, (_, i) => i) })).toThrow(/at most 1024 values/);
  });

  test('a default is for fields that were not given; null keeps it out', () => {
    const defaults = { A: 1, B: 2, C: 3 };
    expect(encodeJournalEntry({ A: 'x', B: null, C: undefined }, defaults).toString()).toBe('A=x\nC=3\n');
  });

  test('bytes are copied', () => {
    const bytes = Buffer.from('ab');
    const entry = encodeJournalEntry({ A: bytes });
    bytes.fill(0);
    expect(entry.includes('ab')).toBe(true);
  });
});

describe('fields that journald reads itself', () => {
  test.each<[JournalFields, string]>([
    [{ PRIORITY: 'err' }, 'PRIORITY=3\n'],
    [{ PRIORITY: 'WARN' }, 'PRIORITY=4\n'],
    [{ PRIORITY: 0 }, 'PRIORITY=0\n'],
    [{ PRIORITY: '7' }, 'PRIORITY=7\n'],
    [{ SYSLOG_FACILITY: 'local7' }, 'SYSLOG_FACILITY=23\n'],
    [{ SYSLOG_FACILITY: 3 }, 'SYSLOG_FACILITY=3\n'],
    [{ MESSAGE_ID: 'F77379A8-490B-408B-BE5F-6940505A777B' }, 'MESSAGE_ID=f77379a8490b408bbe5f6940505a777b\n'],
    [{ MESSAGE_ID: 'f77379a8490b408bbe5f6940505a777b' }, 'MESSAGE_ID=f77379a8490b408bbe5f6940505a777b\n'],
    [{ MESSAGE_ID: Buffer.alloc(16, 1) }, `MESSAGE_ID=${'01'.repeat(16)}\n`],
  ])('%o', (fields, text) => {
    expect(encoded(fields)).toBe(text);
  });

  test.each<JournalFields>([
    { PRIORITY: 8 },
    { PRIORITY: -1 },
    { PRIORITY: 1.5 },
    { PRIORITY: NaN },
    { PRIORITY: '' },
    { PRIORITY: 'loud' },
    { PRIORITY: '3\nA=1' },
    { PRIORITY: 'constructor' },
    { PRIORITY: true as never },
    { SYSLOG_FACILITY: 24 },
    { SYSLOG_FACILITY: 'none' },
    { MESSAGE_ID: 'x' },
    { MESSAGE_ID: 'f77379a8-490b408bbe5f6940505a777b' },
    { MESSAGE_ID: Buffer.alloc(15) },
    { MESSAGE_ID: 1 as never },
  ])('%o is refused', (fields) => {
    const [name] = Object.keys(fields);
    const error = thrown(() => encodeJournalEntry(fields));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(`fields.${name}`);
  });
});

describe('Errors', () => {
  test('one as the message has its name, stack, code, errno and causes beside it', () => {
    const root = new Error('root');
    const cause = Object.assign(new TypeError('cause', { cause: root }), { name: 'Special' });
    const error = Object.assign(new RangeError('top', { cause }), { code: 'ENOENT', errno: -2 });
    const fields = { MESSAGE: error };
    expect(valueOf(fields, 'MESSAGE')).toBe('RangeError: top');
    expect(valueOf(fields, 'ERROR_NAME')).toBe('RangeError');
    expect(valueOf(fields, 'ERROR_STACK')).toBe(error.stack);
    expect(valueOf(fields, 'ERROR_CODE')).toBe('ENOENT');
    expect(valueOf(fields, 'ERRNO')).toBe('2');
    expect(valuesOf(fields, 'ERROR_CAUSE')).toEqual([cause.stack, root.stack]);
  });

  test('under another name the fields have that name', () => {
    const names = readEntry(encodeJournalEntry({ MESSAGE: 'x', REASON: new Error('y', { cause: 'z' }) })).map(
      ([name]) => name,
    );
    expect(names).toEqual(['MESSAGE', 'REASON', 'REASON_NAME', 'REASON_STACK', 'REASON_CAUSE']);
  });

  test('what is given wins', () => {
    const fields = { MESSAGE: new Error('x'), ERROR_STACK: 'mine', ERROR_NAME: null };
    expect(valuesOf(fields, 'ERROR_STACK')).toEqual(['mine']);
    expect(valuesOf(fields, 'ERROR_NAME')).toEqual([]);
  });

  test('circles and long chains end', () => {
    const circle = new Error('a');
    circle.cause = new Error('b', { cause: circle });
    expect(valuesOf({ MESSAGE: circle }, 'ERROR_CAUSE').at(-1)).toBe('[Circular]');
    let chain = new Error('end');
    for (let i = 0; i < 100; i += 1) chain = new Error(String(i), { cause: chain });
    expect(valuesOf({ MESSAGE: chain }, 'ERROR_CAUSE')).toHaveLength(33);
    const endless = new Error('x');
    Object.defineProperty(endless, 'cause', { get: () => Object.assign(new Error('y'), { cause: endless }) });
    expect(valuesOf({ MESSAGE: endless }, 'ERROR_CAUSE').length).toBeLessThan(40);
  });

  test('the parts of an AggregateError are causes', () => {
    const error = new AggregateError([new Error('one'), 'two', { three: 3 }], 'all', { cause: null });
    const causes = valuesOf({ MESSAGE: error }, 'ERROR_CAUSE');
    expect([causes[0]?.split('\n')[0], ...causes.slice(1)]).toEqual(['Error: one', 'two', '{"three":3}', 'null']);
  });

  test('odd properties do no harm', () => {
    const error = Object.assign(new Error('x'), { name: 7, message: { a: 1 }, code: {}, errno: 'two', errors: 'none' });
    expect(valueOf({ MESSAGE: error }, 'MESSAGE')).toBe('7');
    expect(valueOf({ MESSAGE: error }, 'ERRNO')).toBeUndefined();
  });

  test('an Error in an object is one', () => {
    const text = valueOf({ A: { error: Object.assign(new Error('x', { cause: 1 }), { code: 'C' }) } }, 'A') as string;
    expect(JSON.parse(text)).toMatchObject({ error: { name: 'Error', message: 'x', code: 'C', cause: 1 } });
  });
});

function thrown(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('did not throw');
}
