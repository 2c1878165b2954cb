import { describe, expect, test } from 'vitest';
import { fieldNameOf } from '../src/internal/loggers/field-name-of.ts';

describe('keys become names of fields', () => {
  test.each([
    ['order', 'ORDER'],
    ['userId', 'USERID'],
    ['user_id2', 'USER_ID2'],
    ['x-request-id', 'X_REQUEST_ID'],
    ['a.b c', 'A_B_C'],
    ['größe', 'GR__E'],
    ['ﬀ', 'X_'],
    ['ſ', 'X_'],
    ['😀a', 'X_A'],
    ['a😀', 'A_'],
    ['a\n=b', 'A__B'],
    ['a\0', 'A_'],
    ['', 'X_'],
    ['1st', 'X_1ST'],
    ['_pid', 'X_PID'],
    ['__REALTIME_TIMESTAMP', 'X_REALTIME_TIMESTAMP'],
    ['__proto__', 'X_PROTO__'],
    ['constructor', 'CONSTRUCTOR'],
  ])('%j is %s', (key, name) => expect(fieldNameOf(key)).toBe(name));

  test.each(
    'MESSAGE message PRIORITY LEVEL MESSAGE_ID ERRNO DOCUMENTATION TID UNIT USER_UNIT INVOCATION_ID SYSLOG_IDENTIFIER SYSLOG_PID CODE_FILE OBJECT_PID COREDUMP_UNIT DROPPED_ENTRIES MORE_FIELDS'.split(
      ' ',
    ),
  )('%s means something: X_ in front', (key) => expect(fieldNameOf(key)).toBe(`X_${key.toUpperCase()}`));

  test.each(['MESSAGES', 'CODE', 'SYSLOG', 'UNITS', 'ERROR_CODE', 'PRIORITY_'])('%s does not', (key) => {
    expect(fieldNameOf(key)).toBe(key);
  });

  test('64 is the most, with X_ too', () => {
    expect(fieldNameOf('a'.repeat(64))).toBe('A'.repeat(64));
    expect(fieldNameOf('a'.repeat(65))).toBe('A'.repeat(64));
    expect(fieldNameOf(`_${'a'.repeat(64)}`)).toBe(`X_${'A'.repeat(62)}`);
    expect(fieldNameOf(`syslog_${'a'.repeat(1_000_000)}`)).toBe(`X_SYSLOG_${'A'.repeat(55)}`);
  });

  test('whatever it is, it is a name; and the same the second time', () => {
    for (let code = 0; code < 0x3000; code += 1) {
      const key = `${String.fromCharCode(code)}k`;
      expect(fieldNameOf(key)).toMatch(/^[A-Z][A-Z0-9_]{0,63}$/);
      expect(fieldNameOf(key)).toBe(fieldNameOf(key));
    }
    expect(fieldNameOf('\ud800x')).toBe('X_X');
  });
});
