import { checkOptions, invalidArgType, invalidArgValue } from '@osx/errors';

import { encodeJournalEntry } from '../../encode-journal-entry.ts';
import type { JournalFields, JournalValue } from '../../journal-fields.ts';
import type { LoggerOptions } from '../../logger-options.ts';
import { parsePriority } from '../../priority.ts';
import { checkFieldName } from '../field-name.ts';

/** How what was logged becomes an entry: {@link LoggerOptions}, checked. */
export interface LoggerRules {
  readonly priorities: ReadonlyMap<string, number>;
  readonly fields: readonly (readonly [name: string, value: JournalValue | JournalValue[]])[];
  readonly wellKnownKeys: ReadonlySet<string>;
}

/** The logger's own: the message and how urgent it is. */
const NEVER = new Set(['MESSAGE', 'PRIORITY', 'LEVEL']);

export function checkRules({ priorities, fields, wellKnownKeys = [] }: LoggerOptions): LoggerRules {
  return {
    priorities: checkPriorities(priorities),
    fields: checkFields(fields),
    wellKnownKeys: checkKeys(wellKnownKeys),
  };
}

/** Whether an entry may have this value in this field. */
export function isAccepted(name: string, value: unknown): boolean {
  try {
    encodeJournalEntry({ [name]: Array.isArray(value) ? [value] : value } as JournalFields);
    return true;
  } catch {
    return false;
  }
}

function checkPriorities(priorities: LoggerOptions['priorities']): Map<string, number> {
  const given = checkOptions('options.priorities', priorities) as NonNullable<typeof priorities>;
  return new Map(Object.entries(given).map(([level, priority]) => [level, parsePriority(priority)]));
}

function checkFields(fields: JournalFields | undefined): LoggerRules['fields'] {
  const entries = Object.entries(checkOptions('options.fields', fields) as JournalFields);
  for (const [name, value] of entries) {
    if (NEVER.has(name)) throw invalidArgValue(`options.fields.${name}`, 'left to the logger', value);
  }
  if (entries.length > 0) encodeJournalEntry({ MESSAGE: '', ...fields });
  return entries.map(([name, value]) => [name, Array.isArray(value) ? (value as JournalValue[]) : value]);
}

function checkKeys(keys: readonly unknown[]): Set<string> {
  const checked = new Set<string>();
  if (!Array.isArray(keys)) throw invalidArgType('options.wellKnownKeys', 'an array of field names', keys);
  for (const key of keys as readonly unknown[]) {
    if (typeof key !== 'string') throw invalidArgType('options.wellKnownKeys', 'an array of field names', keys);
    checkFieldName(key, key);
    if (NEVER.has(key)) throw invalidArgValue('options.wellKnownKeys', 'without what is left to the logger', key);
    checked.add(key);
  }
  return checked;
}
