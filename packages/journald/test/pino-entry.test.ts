import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { pino } from 'pino';
import { encodeJournalEntry } from '@osx/journald';
import { pinoEntry } from '../src/internal/loggers/pino-entry.ts';
import type { PinoRules } from '../src/internal/loggers/pino-entry.ts';

const RULES: PinoRules = {
  priorities: new Map(),
  fields: [],
  wellKnownKeys: new Set(),
  messageKey: 'msg',
  errorKey: 'err',
  labels: { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' },
  pid: process.pid,
  hostname: hostname(),
};
const HEAD = { MESSAGE: 'm', PRIORITY: 6, LEVEL: 'info' };

describe('a line of pino', () => {
  test('what it says is there once', () => {
    const [line] = linesOf((logger) => logger.info({ order: 4711, isPaid: true, nested: { a: [1, null] } }, 'taken'));
    const { SYSLOG_TIMESTAMP, ...fields } = pinoEntry(line as string, RULES);
    expect(fields).toEqual({
      MESSAGE: 'taken',
      PRIORITY: 6,
      LEVEL: 'info',
      ORDER: 4711,
      ISPAID: true,
      NESTED: { a: [1, null] },
    });
    expect(new Date(SYSLOG_TIMESTAMP as string).toISOString()).toBe(SYSLOG_TIMESTAMP);
  });

  test('every level', () => {
    const lines = linesOf((logger) => {
      for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) logger[level](level);
    });
    expect(lines.map((line) => pinoEntry(line, RULES)).map(({ PRIORITY, LEVEL }) => [LEVEL, PRIORITY])).toEqual([
      ['trace', 7],
      ['debug', 7],
      ['info', 6],
      ['warn', 4],
      ['error', 3],
      ['fatal', 2],
    ]);
  });

  test('a pid and a hostname of somebody else are kept', () => {
    const line = `{"level":30,"time":1,"pid":${process.pid + 1},"hostname":"elsewhere","msg":"m"}`;
    expect(pinoEntry(line, RULES)).toMatchObject({ PID: process.pid + 1, HOSTNAME: 'elsewhere' });
  });

  test('an Error by its serialiser', () => {
    const cause = new TypeError('why');
    const error = Object.assign(new RangeError('bad', { cause }), { code: 'ENOENT', errno: -2, path: '/x' });
    const [line] = linesOf((logger) => logger.error(error));
    expect(pinoEntry(line as string, RULES)).toMatchObject({
      MESSAGE: 'bad',
      PRIORITY: 3,
      ERROR_NAME: 'RangeError',
      ERROR_MESSAGE: 'bad: why',
      ERROR_STACK: expect.stringMatching(/^RangeError: bad\n.*caused by: TypeError: why\n/s) as unknown,
      ERROR_CODE: 'ENOENT',
      ERROR_PATH: '/x',
      ERRNO: 2,
    });
  });

  test('causes by the serialiser that keeps them, the parts of an AggregateError first', () => {
    const error = new AggregateError([new Error('part')], 'all', { cause: new Error('why', { cause: 'because' }) });
    const [line] = linesOf((logger) => logger.warn({ err: error }, 'm'), {
      serializers: { err: pino.stdSerializers.errWithCause },
    });
    const { MESSAGE, ERROR_MESSAGE, ERROR_CAUSE } = pinoEntry(line as string, RULES);
    expect([MESSAGE, ERROR_MESSAGE]).toEqual(['m', 'all']);
    expect((ERROR_CAUSE as string[]).map((text) => text.split('\n')[0])).toEqual(['Error: part', 'Error: why']);
  });

  test.each([
    ['a text', '"oops"', { ERROR_MESSAGE: 'oops' }],
    ['a number', '0', { ERROR_MESSAGE: 0 }],
    ['a list', '[1]', { ERROR_MESSAGE: [[1]] }],
    ['nothing', 'null', {}],
    ['an empty object', '{}', {}],
    ['one with odd keys', '{"a b":1,"__proto__":2,"":3}', { ERROR_A_B: 1, ERROR___PROTO__: 2, ERROR_: 3 }],
  ])('an Error that is %s', (_what, json, fields) => {
    expect(pinoEntry(`{"level":30,"err":${json},"msg":"m"}`, RULES)).toEqual({ ...HEAD, ...fields });
  });

  test('without a message: that of the Error, or what there is, so that journalctl shows something', () => {
    expect(pinoEntry('{"level":30,"time":1,"err":{"message":"e"}}', RULES)).toMatchObject({ MESSAGE: 'e' });
    expect(pinoEntry('{"level":30,"time":1,"a":1,"b":[2]}', RULES)).toMatchObject({ MESSAGE: '{"a":1,"b":[2]}', A: 1 });
    expect(pinoEntry('{"level":30,"time":1}', RULES)).toMatchObject({ MESSAGE: '' });
    expect(pinoEntry('{"level":30,"msg":null}', RULES)).toMatchObject({ MESSAGE: '{"msg":null}' });
  });

  test.each([
    ['5', 5],
    ['true', true],
    ['{"a":1}', { a: 1 }],
    ['["x","y"]', [['x', 'y']]],
    ['""', ''],
  ])('a message that is %s', (json, message) => {
    const entry = pinoEntry(`{"level":30,"msg":${json}}`, RULES);
    expect(entry).toEqual({ ...HEAD, MESSAGE: message });
    expect(() => encodeJournalEntry(entry)).not.toThrow();
  });

  test.each([
    ['1763643600000', '2025-11-20T13:00:00.000Z'],
    ['1763643600', '2025-11-20T13:00:00.000Z'],
    ['1763643600000.5', '2025-11-20T13:00:00.000Z'],
    ['"2025-11-20T13:00:00Z"', '2025-11-20T13:00:00Z'],
    ['1e300', '1e+300'],
    ['-1', '1969-12-31T23:59:59.000Z'],
  ])('a time of %s', (time, text) => {
    expect(pinoEntry(`{"level":30,"time":${time},"msg":"m"}`, RULES)).toEqual({ ...HEAD, SYSLOG_TIMESTAMP: text });
  });

  test('a time of another kind is a field', () => {
    expect(pinoEntry('{"level":30,"time":{"a":1},"msg":"m"}', RULES)).toEqual({ ...HEAD, TIME: { a: 1 } });
  });

  test('levels by name, and of other kinds', () => {
    expect(pinoEntry('{"level":"warn","msg":"m"}', RULES)).toEqual({ MESSAGE: 'm', PRIORITY: 4, LEVEL: 'warn' });
    expect(pinoEntry('{"level":"loud","msg":"m"}', RULES)).toEqual({ MESSAGE: 'm', PRIORITY: 6, LEVEL: 'loud' });
    expect(pinoEntry('{"level":{"a":1},"msg":"m"}', RULES)).toEqual({ MESSAGE: 'm', PRIORITY: 6, X_LEVEL: { a: 1 } });
    expect(pinoEntry('{"msg":"m"}', RULES)).toEqual({ MESSAGE: 'm', PRIORITY: 6 });
  });

  test('names of levels that pino tells of: those of syslog(3) by these, others by their number', () => {
    const rules = { ...RULES, labels: { 80: 'emerg', 30: 'notice', 20: 'info', 35: 'audit' } };
    const entries = [80, 30, 20, 35, 36].map((level) => pinoEntry(`{"level":${level},"msg":"m"}`, rules));
    expect(entries.map(({ LEVEL, PRIORITY }) => [LEVEL, PRIORITY])).toEqual([
      ['emerg', 0],
      ['notice', 5],
      ['info', 6],
      ['audit', 5],
      ['36', 5],
    ]);
  });

  test('priorities by number go before the name', () => {
    const rules = {
      ...RULES,
      priorities: new Map([
        ['30', 5],
        ['warn', 1],
      ]),
    };
    expect([30, 40].map((level) => pinoEntry(`{"level":${level},"msg":"m"}`, rules).PRIORITY)).toEqual([5, 1]);
  });
});

describe('what somebody logs cannot pass for what pino says', () => {
  test('level and time of an object: pino writes its own first', () => {
    const [line] = linesOf((logger) => logger.info({ level: 60, time: 'never', msg: 'forged' }, 'm'));
    const { SYSLOG_TIMESTAMP, ...fields } = pinoEntry(line as string, RULES);
    expect(fields).toEqual({ ...HEAD, X_LEVEL: 60, TIME: 'never' });
    expect(SYSLOG_TIMESTAMP).toMatch(/^20\d\d-/);
  });

  test('names that mean something, in any spelling', () => {
    const hostile = {
      MESSAGE: 'a',
      message: 'b',
      priority: 0,
      _PID: 1,
      syslog_identifier: 'sshd',
      MESSAGE_ID: 'c',
      'A\nB': 1,
    };
    const [line] = linesOf((logger) => logger.info(hostile, 'm'));
    const { SYSLOG_TIMESTAMP: _time, ...fields } = pinoEntry(line as string, RULES);
    expect(fields).toEqual({
      ...HEAD,
      X_MESSAGE: ['a', 'b'],
      X_PRIORITY: 0,
      X_PID: 1,
      X_SYSLOG_IDENTIFIER: 'sshd',
      X_MESSAGE_ID: 'c',
      A_B: 1,
    });
  });

  test('keys of one name are several values, lists among them', () => {
    const line = '{"level":30,"msg":"m","a-b":1,"a_b":[2],"A B":[3],"aB":null}';
    expect(pinoEntry(line, RULES)).toEqual({ ...HEAD, A_B: [1, [2], [3]] });
  });

  test('__proto__ is a key as any other', () => {
    const line = '{"level":30,"msg":"m","__proto__":{"x":1},"constructor":2,"toString":3}';
    expect(pinoEntry(line, RULES)).toEqual({ ...HEAD, X_PROTO__: { x: 1 }, CONSTRUCTOR: 2, TOSTRING: 3 });
  });

  test('more keys than an entry takes: the rest is in one field', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, n]));
    const entry = pinoEntry(
      `${JSON.stringify({ level: 30, msg: 'm', ...many }).slice(0, -1)},"__proto__":{"a":1}}`,
      RULES,
    );
    const rest = JSON.parse(entry['MORE_FIELDS'] as string) as Record<string, number>;
    expect(Object.keys(entry).length + Object.keys(rest).length).toBe(5_000 + 1 + 3 + 1);
    expect([entry['K0'], rest['k4999']]).toEqual([0, 4_999]);
    expect(Object.getOwnPropertyDescriptor(rest, '__proto__')?.value).toEqual({ a: 1 });
    expect(() => encodeJournalEntry(entry)).not.toThrow();
  });

  test('well-known fields by leave only, exactly spelled, once, and with a value that will do', () => {
    const rules = { ...RULES, wellKnownKeys: new Set(['MESSAGE_ID', 'SYSLOG_FACILITY', 'CODE_FILE']) };
    const id = 'f77379a8490b408bbe5f6940505a777b';
    const line = `{"level":30,"msg":"m","MESSAGE_ID":"${id}","SYSLOG_FACILITY":"loud","code_file":"x","CODE_LINE":1}`;
    expect(pinoEntry(line, rules)).toEqual({
      ...HEAD,
      MESSAGE_ID: id,
      X_SYSLOG_FACILITY: 'loud',
      X_CODE_FILE: 'x',
      X_CODE_LINE: 1,
    });
  });

  test('the fields of the options go before well-known ones of an object', () => {
    const rules: PinoRules = { ...RULES, wellKnownKeys: new Set(['CODE_FILE']), fields: [['CODE_FILE', 'ours']] };
    const entry = pinoEntry('{"level":30,"msg":"m","CODE_FILE":"theirs"}', rules);
    expect(entry).toEqual({ ...HEAD, CODE_FILE: 'ours', X_CODE_FILE: 'theirs' });
  });

  test('the fields of the options stay theirs', () => {
    const list = ['one'];
    const rules: PinoRules = {
      ...RULES,
      fields: [
        ['SYSLOG_FACILITY', 'daemon'],
        ['TAGS', list],
      ],
    };
    const entry = pinoEntry('{"level":30,"msg":"m","SYSLOG_FACILITY":0,"tags":"two"}', rules);
    expect(entry).toEqual({ ...HEAD, SYSLOG_FACILITY: 'daemon', X_SYSLOG_FACILITY: 0, TAGS: ['one', 'two'] });
    expect(list).toEqual(['one']);
  });
});

describe('a line of somebody else is the message', () => {
  test.each(['plain', '42', '"text"', 'null', '[1]', '{"level":30', '{', ' {]', '\r', 'a=b', '\u0000'])(
    '%j',
    (line) => {
      expect(pinoEntry(line, RULES)).toEqual({ MESSAGE: line, PRIORITY: 6 });
    },
  );

  test('bytes as they are', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x00]);
    expect(pinoEntry(bytes, RULES)).toEqual({ MESSAGE: bytes, PRIORITY: 6 });
  });

  test('an object with spaces around it is one of pino all the same', () => {
    expect(pinoEntry(' {"level":40,"msg":"m"} \r', RULES)).toMatchObject({ MESSAGE: 'm', PRIORITY: 4 });
  });
});

function linesOf(log: (logger: pino.Logger) => void, options: pino.LoggerOptions = {}): string[] {
  const lines: string[] = [];
  log(pino({ level: 'trace', ...options }, { write: (line) => void lines.push(line.trimEnd()) }));
  return lines;
}
