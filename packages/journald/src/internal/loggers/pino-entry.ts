import type { JournalFields, JournalValue } from '../../journal-fields.ts';
import type { LoggerRules } from './checked-rules.ts';
import { EntryFields } from './entry-fields.ts';
import { priorityOfName, priorityOfNumber, UNKNOWN_LEVEL } from './level-priority.ts';
import { addSerialisedError, messageOf } from './serialised-error.ts';

/** How pino was told to write. */
export interface PinoRules extends LoggerRules {
  readonly messageKey: string;
  readonly errorKey: string;
  /** Names of levels by their numbers. */
  readonly labels: Readonly<Record<string, string>>;
  /** What journald adds by itself. */
  readonly pid: number;
  readonly hostname: string;
}

/** pino writes these first. What has the same key further on is somebody's data. */
const HEAD = /^\{"level":(\d+)(?:,"time":(\d+(?:\.\d+)?|"[^"\\]*"))?[,}]/;

/** A number below is of seconds: as milliseconds it would be a time before 1973. */
const FIRST_MILLISECOND = 1e11;

/** The entry for one line of pino, or of anybody. */
export function pinoEntry(line: string | Buffer, rules: PinoRules): JournalFields {
  const text = typeof line === 'string' ? line : line.toString('utf8');
  const record = recordOf(text);
  return record === undefined ? plainEntry(line, rules) : recordEntry(record, text, rules);
}

/** An entry that can always be sent. */
export function plainEntry(line: string | Buffer, rules: PinoRules): JournalFields {
  return { ...Object.fromEntries(rules.fields), MESSAGE: line, PRIORITY: UNKNOWN_LEVEL };
}

type LogRecord = Readonly<Record<string, unknown>>;

function recordOf(text: string): LogRecord | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text) as LogRecord;
  } catch {
    return undefined;
  }
}

function recordEntry(record: LogRecord, text: string, rules: PinoRules): JournalFields {
  const head = HEAD.exec(text);
  const level = head === null ? record['level'] : Number(head[1]);
  const time = head?.[2] === undefined ? record['time'] : (JSON.parse(head[2]) as unknown);
  const { messageKey, errorKey } = rules;
  const error = record[errorKey];
  const fields = new EntryFields(rules.wellKnownKeys);
  fields.set('MESSAGE', messageOfRecord(record, error, rules));
  setLevel(fields, level, rules);
  const timestamp = timestampOf(time);
  if (timestamp !== undefined) fields.set('SYSLOG_TIMESTAMP', timestamp);
  for (const [name, value] of rules.fields) fields.set(name, value);
  if (errorKey !== messageKey) addError(fields, error);
  for (const key of Object.keys(record)) {
    if (key === messageKey || key === errorKey) continue;
    if (!isSaid(key, record[key], level, timestamp === undefined ? undefined : time, rules))
      fields.add(key, record[key]);
  }
  return fields.finish();
}

function addError(fields: EntryFields, error: unknown): void {
  if (error !== undefined && error !== null) addSerialisedError(fields, error);
}

/** Whether the entry has it already: as a field of its own, or because journald adds it. */
function isSaid(key: string, value: unknown, level: unknown, time: unknown, rules: PinoRules): boolean {
  if (key === 'level') return value === level && (typeof level === 'number' || typeof level === 'string');
  if (key === 'time') return value === time;
  return (key === 'pid' && value === rules.pid) || (key === 'hostname' && value === rules.hostname);
}

/** journalctl shows no entry without a message: one without gets what it has. */
function messageOfRecord(record: LogRecord, error: unknown, rules: PinoRules): JournalValue | JournalValue[] {
  const message = record[rules.messageKey];
  if (message !== undefined && message !== null) return Array.isArray(message) ? [message] : message;
  const said = messageOf(error);
  if (said !== undefined) return said;
  const others = Object.entries(record).filter(
    ([key, value]) => key !== 'level' && key !== 'time' && !isSaid(key, value, undefined, undefined, rules),
  );
  return others.length === 0 ? '' : JSON.stringify(Object.fromEntries(others));
}

function setLevel(fields: EntryFields, level: unknown, rules: PinoRules): void {
  if (typeof level === 'number') {
    const label = Object.hasOwn(rules.labels, level) ? rules.labels[level] : undefined;
    const byName = label === undefined ? undefined : priorityOfName(rules, label);
    fields.set('PRIORITY', rules.priorities.get(String(level)) ?? byName ?? priorityOfNumber(rules, level));
    fields.set('LEVEL', label ?? String(level));
    return;
  }
  const name = typeof level === 'string' ? level : undefined;
  fields.set('PRIORITY', name === undefined ? UNKNOWN_LEVEL : (priorityOfName(rules, name) ?? UNKNOWN_LEVEL));
  if (name !== undefined) fields.set('LEVEL', name);
}

function timestampOf(time: unknown): string | undefined {
  if (typeof time === 'string') return time;
  if (typeof time !== 'number') return undefined;
  const date = new Date(time < FIRST_MILLISECOND ? time * 1_000 : time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}
