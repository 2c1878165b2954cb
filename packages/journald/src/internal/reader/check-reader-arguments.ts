import { checkInteger64, checkOptions, checkString, invalidArgType, invalidArgValue, toBytes } from '@osx/errors';

import type { Match } from './match-groups.ts';

/** The largest time that `journalctl --since` takes, the end of the year 9999, in microseconds. */
const LAST_USEC = 253_402_300_799_999_999n;

export function checkMatch(field: unknown, value: unknown): Match {
  return { field: checkField(field), value: matchValue(value) };
}

/** A field's name as libsystemd takes it in a match. */
export function checkField(field: unknown): string {
  const name = checkString('field', field);
  if (!/^(?!__)[\dA-Z_]{1,64}$/.test(name)) {
    throw invalidArgValue('field', 'a name of A-Z, 0-9 and _, without two underscores in front, 64 at most', field);
  }
  return name;
}

export function checkCursor(cursor: unknown): string {
  const text = checkString('cursor', cursor);
  // Anything else is refused by libsystemd, or names no place.
  const isCursor = /^(?:[a-z]=[\da-f]+)(?:;[a-z]=[\da-f]+)*$/.test(text) && /(?:^|;)(?:s|b|t)=/.test(text);
  if (!isCursor || text.length > 1024) throw invalidArgValue('cursor', 'the cursor of an entry', cursor);
  return text;
}

export function checkTime(time: unknown): bigint {
  if (time instanceof Date) {
    const ms = time.getTime();
    if (Number.isNaN(ms)) throw invalidArgValue('time', 'a valid Date', time);
    return checkInteger64('time', BigInt(ms) * 1000n, { min: 0n, max: LAST_USEC });
  }
  if (typeof time !== 'bigint') throw invalidArgType('time', 'a Date or a bigint of microseconds', time);
  return checkInteger64('time', time, { min: 0n, max: LAST_USEC });
}

/** An id of 128 bits as systemd has it in fields: 32 digits, in lower case. */
export function checkId(name: string, id: unknown): string {
  const text = checkString(name, id);
  if (!/^[\da-f]{8}(-?)[\da-f]{4}\1[\da-f]{4}\1[\da-f]{4}\1[\da-f]{12}$/i.test(text)) {
    throw invalidArgValue(name, 'an id of 32 hexadecimal digits', id);
  }
  return text.replaceAll('-', '').toLowerCase();
}

export function checkReadOptions<Options extends object>(options: Options | undefined): Partial<Options> {
  return checkOptions('options', options);
}

function matchValue(value: unknown): Buffer {
  if (typeof value === 'number' || typeof value === 'bigint') return Buffer.from(String(value));
  // A copy: the caller's bytes may change.
  return Buffer.from(toBytes('value', value as string));
}
