import type { JournalFields, JournalValue } from '../../journal-fields.ts';
import { errnoOf, errorFields, errorText } from '../error-fields.ts';
import { isError } from '../is-error.ts';
import { throwsText } from '../json-text.ts';
import type { LoggerRules } from './checked-rules.ts';
import { EntryFields, journalValue, readable } from './entry-fields.ts';
import { priorityOfName, UNKNOWN_LEVEL } from './level-priority.ts';

/** triple-beam's, which are registered for everybody. */
const LEVEL = Symbol.for('level');

/** Properties of an Error, in an info that is one, or that winston copied one to. */
const FIELD_OF_ERROR: ReadonlyMap<string, string> = new Map([
  ['stack', 'ERROR_STACK'],
  ['code', 'ERROR_CODE'],
  ['errno', 'ERRNO'],
  ['cause', 'ERROR_CAUSE'],
]);

/** What winston hands to a transport. */
export type WinstonInfo = Readonly<Record<string | symbol, unknown>>;

export function winstonEntry(info: WinstonInfo, rules: LoggerRules): JournalFields {
  const fields = new EntryFields(rules.wellKnownKeys);
  setHead(fields, info, rules);
  for (const [name, value] of rules.fields) fields.set(name, value);
  const isThrown = isError(info);
  if (isThrown) addError(fields, info);
  const hasStack = typeof read(info, 'stack') === 'string';
  for (const [key, value] of readable(info)) {
    if (key === 'level' || key === 'message' || (isThrown && (FIELD_OF_ERROR.has(key) || key === 'name'))) continue;
    if (key === 'timestamp' && isTime(value)) fields.set('SYSLOG_TIMESTAMP', value);
    else if (hasStack && FIELD_OF_ERROR.has(key)) addOfError(fields, key, value);
    else fields.add(key === 'err' && isErrorObject(value) ? 'error' : key, value);
  }
  return fields.finish();
}

/** An entry that can always be sent. */
export function plainWinstonEntry(info: WinstonInfo, rules: LoggerRules): JournalFields {
  const fields = new EntryFields(new Set());
  setHead(fields, info, rules);
  return { ...Object.fromEntries(rules.fields), ...fields.finish() };
}

function setHead(fields: EntryFields, info: WinstonInfo, rules: LoggerRules): void {
  // info.level may be coloured.
  const level = textOf(info[LEVEL] ?? info['level']);
  const message = read(info, 'message');
  fields.set('MESSAGE', messageValue(message));
  fields.set('PRIORITY', (level === undefined ? undefined : priorityOfName(rules, level)) ?? UNKNOWN_LEVEL);
  if (level !== undefined) fields.set('LEVEL', level);
}

function messageValue(message: unknown): JournalValue | JournalValue[] {
  if (message === undefined || message === null) return '';
  return Array.isArray(message) ? [message] : journalValue(message);
}

function addError(fields: EntryFields, error: Error): void {
  for (const [suffix, value] of errorFields(error)) fields.add(`ERROR_${suffix}`, value);
  const errno = errnoOf(error);
  if (errno !== undefined) fields.set('ERRNO', errno);
}

function addOfError(fields: EntryFields, key: string, value: unknown): void {
  const name = FIELD_OF_ERROR.get(key) as string;
  if (key === 'errno' && typeof value === 'number') fields.set(name, Math.abs(value));
  else fields.add(name, isErrorObject(value) ? (textOf(read(value, 'stack')) ?? errorText(value)) : value);
}

function isTime(value: unknown): value is JournalValue {
  return typeof value === 'string' || typeof value === 'number' || value instanceof Date;
}

function isErrorObject(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && isError(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function read(info: object, key: string): unknown {
  try {
    return (info as Record<string, unknown>)[key];
  } catch (error) {
    return throwsText(error);
  }
}
