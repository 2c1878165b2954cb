import { checkOptions, invalidArgType, invalidArgValue, toBytes } from '@osx/errors';

import { EntryBytes } from './internal/entry-bytes.ts';
import { errnoOf, errorFields, errorText } from './internal/error-fields.ts';
import { checkFieldName } from './internal/field-name.ts';
import { isError } from './internal/is-error.ts';
import { jsonText } from './internal/json-text.ts';
import type { JournalFields, JournalValue } from './journal-fields.ts';
import { parseFacility, parsePriority } from './priority.ts';

/**
 * An entry as journald's socket takes it, in which no value can end its field and no field the entry.
 *
 * @param fields See {@link JournalFields}.
 * @param defaults Fields that an entry gets unless it has them.
 * @returns One datagram, or the content of one sealed memfd.
 * @throws {TypeError} for a name that journald would drop, a function or symbol as value, an unknown priority, facility or
 * MESSAGE_ID, and for fields without any value.
 * @throws {RangeError} for more than 1,024 values, a value over 768 MiB.
 * @example
 * ```ts
 * import { encodeJournalEntry } from '@osx/journald';
 *
 * console.log(encodeJournalEntry({ MESSAGE: 'two\nlines', PRIORITY: 'notice' }).toString('latin1'));
 * ```
 * @see https://systemd.io/JOURNAL_NATIVE_PROTOCOL/
 */
export function encodeJournalEntry(fields: JournalFields, defaults?: JournalFields): Buffer {
  const given = checkOptions('fields', fields) as JournalFields;
  if (fields === undefined) throw invalidArgType('fields', 'of type object', fields);
  const entry = new EntryBytes();
  const derived: Derived = [];
  addAll(entry, given, derived);
  if (entry.count === 0) throw invalidArgValue('fields', 'at least one field with a value', fields);
  addMissing(entry, given, derived);
  if (defaults !== undefined) addMissing(entry, given, Object.entries(defaults));
  return entry.finish();
}

type Derived = [name: string, value: JournalValue | readonly JournalValue[]][];

function addAll(entry: EntryBytes, fields: JournalFields, derived: Derived): void {
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    checkFieldName(name, value);
    if (!isArray(value)) add(entry, name, value, derived);
    else for (const one of value) add(entry, name, one, derived);
  }
}

function isArray(value: unknown): value is readonly JournalValue[] {
  try {
    return Array.isArray(value);
  } catch {
    // A revoked Proxy.
    return false;
  }
}

/** Fields that nobody gave; null keeps one out. */
function addMissing(entry: EntryBytes, given: JournalFields, more: Derived): void {
  for (const [name, value] of more) {
    if (Object.hasOwn(given, name) && given[name] !== undefined) continue;
    checkFieldName(name, value);
    add(entry, name, value, []);
  }
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function add(entry: EntryBytes, name: string, value: unknown, derived: Derived): void {
  if (!isThere(value)) return;
  const encoded = ownMeaning(name, value) ?? encodedValue(name, value);
  if (encoded === undefined) return;
  entry.add(name, encoded);
  if (typeof value === 'object' && value !== null && isError(value)) derived.push(...fieldsBeside(name, value));
}

/** The fields that journald reads itself, and would pass over in another spelling. */
function ownMeaning(name: string, value: unknown): string | undefined {
  if (name === 'PRIORITY') return String(parsePriority(value as number));
  if (name === 'SYSLOG_FACILITY') return String(parseFacility(value as number));
  return name === 'MESSAGE_ID' ? messageId(value) : undefined;
}

function messageId(value: unknown): string {
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
  if (typeof text === 'string' && /^[\da-f]{8}(-?)[\da-f]{4}\1[\da-f]{4}\1[\da-f]{4}\1[\da-f]{12}$/i.test(text)) {
    return text.replaceAll('-', '').toLowerCase();
  }
  throw invalidArgValue(
    'fields.MESSAGE_ID',
    'a UUID (32 hexadecimal digits, with or without dashes) or 16 bytes',
    value,
  );
}

function encodedValue(name: string, value: unknown): string | Uint8Array | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'object') return encodedObject(name, value as object);
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  throw invalidArgType(`fields.${name}`, 'a text, bytes, a number, a boolean, a Date, an Error or an object', value);
}

function encodedObject(name: string, value: object): string | Uint8Array | undefined {
  const { types } = process.getBuiltinModule('node:util');
  if (ArrayBuffer.isView(value) || types.isArrayBuffer(value)) return toBytes(`fields.${name}`, value);
  if (types.isDate(value)) return dateText(value);
  return isError(value) ? errorText(value) : jsonText(value);
}

function dateText(date: Date): string {
  const time = Date.prototype.getTime.call(date);
  return Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString();
}

/** Several values of one name when several causes, or several Errors, have it. */
function fieldsBeside(name: string, error: Error): Derived {
  const prefix = name === 'MESSAGE' ? 'ERROR' : name;
  const fields = [...errorFields(error)].map(([suffix, value]): Derived[number] => [`${prefix}_${suffix}`, value]);
  const errno = name === 'MESSAGE' ? errnoOf(error) : undefined;
  return errno === undefined ? fields : [...fields, ['ERRNO', errno]];
}
