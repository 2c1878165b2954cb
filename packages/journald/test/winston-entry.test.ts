import { describe, expect, test } from 'vitest';
import { encodeJournalEntry } from '@osx/journald';
import { plainWinstonEntry, winstonEntry } from '../src/internal/loggers/winston-entry.ts';
import type { LoggerRules } from '../src/internal/loggers/checked-rules.ts';

const RULES: LoggerRules = { priorities: new Map(), fields: [], wellKnownKeys: new Set() };
const LEVEL = Symbol.for('level');
const HEAD = { MESSAGE: 'm', PRIORITY: 6, LEVEL: 'info' };

describe('an info of winston', () => {
  test('what it says is there once; its level as winston knows it, not as it is coloured', () => {
    const info = {
      [LEVEL]: 'warn',
      level: '\u001b[33mwarn\u001b[39m',
      message: 'm',
      orderId: 7,
      list: [1],
      [Symbol('s')]: 1,
    };
    expect(winstonEntry(info, RULES)).toEqual({ MESSAGE: 'm', PRIORITY: 4, LEVEL: 'warn', ORDERID: 7, LIST: [[1]] });
  });

  test('without the symbol, without a level, with one that nobody knows', () => {
    expect(winstonEntry({ level: 'error', message: 'm' }, RULES)).toEqual({
      MESSAGE: 'm',
      PRIORITY: 3,
      LEVEL: 'error',
    });
    expect(winstonEntry({ message: 'm' }, RULES)).toEqual({ MESSAGE: 'm', PRIORITY: 6 });
    expect(winstonEntry({ level: 'loud', message: 'm' }, RULES)).toEqual({ MESSAGE: 'm', PRIORITY: 6, LEVEL: 'loud' });
  });

  test('an Error as the info', () => {
    const error = Object.assign(new TypeError('m', { cause: new Error('why') }), {
      level: 'info',
      code: 'EX',
      errno: -5,
      path: '/x',
    });
    const { ERROR_STACK, ERROR_CAUSE, ...fields } = winstonEntry(error as never, RULES);
    expect(fields).toEqual({ ...HEAD, ERROR_NAME: 'TypeError', ERROR_CODE: 'EX', ERRNO: 5, PATH: '/x' });
    expect(ERROR_STACK).toBe(error.stack);
    expect(ERROR_CAUSE).toMatch(/^Error: why\n/);
  });

  test('what winston copies of an Error', () => {
    const info = { level: 'info', message: 'm', stack: 's', code: 'EX', errno: -5, cause: new Error('why') };
    const { ERROR_CAUSE, ...fields } = winstonEntry(info, RULES);
    expect(fields).toEqual({ ...HEAD, ERROR_STACK: 's', ERROR_CODE: 'EX', ERRNO: 5 });
    expect(ERROR_CAUSE).toMatch(/^Error: why\n/);
    expect(winstonEntry({ level: 'info', message: 'm', code: 7, cause: 'c' }, RULES)).toEqual({
      ...HEAD,
      CODE: 7,
      CAUSE: 'c',
    });
  });

  test('Errors under any key, and as the message', () => {
    const error = new RangeError('bad');
    expect(encoded({ level: 'info', message: 'm', err: error })).toMatch(
      /^ERROR=RangeError: bad\n(.*\n)*ERROR_NAME=RangeError\n/m,
    );
    expect(encoded({ level: 'info', message: 'm', reason: error })).toMatch(/^REASON_NAME=RangeError\n/m);
    expect(encoded({ level: 'info', message: error })).toMatch(
      /^MESSAGE=RangeError: bad\n(.*\n)*ERROR_NAME=RangeError\n/m,
    );
  });

  test.each([
    [undefined, ''],
    [null, ''],
    [5, 5],
    [['a'], [['a']]],
    [{ a: 1 }, { a: 1 }],
    [Symbol('s'), 'Symbol(s)'],
  ])('a message that is %o', (message, value) => {
    expect(winstonEntry({ level: 'info', message }, RULES)).toEqual({ ...HEAD, MESSAGE: value });
  });

  test('a timestamp; one that is none is a field', () => {
    const date = new Date(0);
    expect(winstonEntry({ level: 'info', message: 'm', timestamp: 't' }, RULES)).toEqual({
      ...HEAD,
      SYSLOG_TIMESTAMP: 't',
    });
    expect(winstonEntry({ level: 'info', message: 'm', timestamp: date }, RULES)).toEqual({
      ...HEAD,
      SYSLOG_TIMESTAMP: date,
    });
    expect(winstonEntry({ level: 'info', message: 'm', timestamp: {} }, RULES)).toEqual({ ...HEAD, TIMESTAMP: {} });
  });

  test('names that mean something are not for the keys', () => {
    const info = { level: 'info', message: 'm', PRIORITY: 0, _uid: 0, 'A\n': 1, Level: 2, code_file: 'x' };
    expect(winstonEntry(info, RULES)).toEqual({
      ...HEAD,
      X_PRIORITY: 0,
      X_UID: 0,
      A_: 1,
      X_LEVEL: 2,
      X_CODE_FILE: 'x',
    });
  });

  test('values that nothing can be made of, and those that throw', () => {
    const info = {
      level: 'info',
      message: 'm',
      f() {},
      s: Symbol('s'),
      get g(): never {
        throw new Error('no');
      },
      bytes: Buffer.from('b'),
      nothing: undefined,
    };
    expect(winstonEntry(info, RULES)).toEqual({
      ...HEAD,
      F: '[Function: f]',
      S: 'Symbol(s)',
      G: '[Throws: no]',
      BYTES: Buffer.from('b'),
    });
  });

  test('the entry for one that is refused keeps message, level and the fields of the options', () => {
    const rules: LoggerRules = { ...RULES, fields: [['SYSLOG_FACILITY', 'daemon']] };
    expect(plainWinstonEntry({ level: 'info', message: 'm', a: 1 }, rules)).toEqual({
      ...HEAD,
      SYSLOG_FACILITY: 'daemon',
    });
  });
});

function encoded(info: object): string {
  return encodeJournalEntry(winstonEntry(info as never, RULES)).toString();
}
