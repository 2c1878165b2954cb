import type { JournalFields, JournalValue } from '../../journal-fields.ts';
import { jsonText, throwsText } from '../json-text.ts';
import { isAccepted } from './checked-rules.ts';
import { fieldNameOf } from './field-name-of.ts';

/** Fewer than an entry may have: what stands beside an Error needs room too. */
const MOST_VALUES = 800;

/** The fields of one entry, made from keys and values that may be anything. */
export class EntryFields {
  readonly #fields: Record<string, JournalValue | JournalValue[]> = {};
  readonly #wellKnownKeys: ReadonlySet<string>;
  #count = 0;
  #more: Record<string, unknown> | undefined;

  constructor(wellKnownKeys: ReadonlySet<string>) {
    this.#wellKnownKeys = wellKnownKeys;
  }

  /** A field of the logger itself. */
  set(name: string, value: JournalValue | JournalValue[]): void {
    // Another value may be added.
    this.#fields[name] = Array.isArray(value) ? [...value] : value;
    this.#count += Array.isArray(value) ? value.length : 1;
  }

  /** What a log object has under a key; a name that is there already gets another value. */
  add(key: string, value: unknown): void {
    if (value === null || value === undefined) return;
    if (this.#count >= MOST_VALUES) {
      // An object with a prototype would take the key `__proto__` otherwise.
      this.#more ??= Object.create(null) as Record<string, unknown>;
      this.#more[key] = value;
      return;
    }
    const isGiven = this.#wellKnownKeys.has(key) && !Object.hasOwn(this.#fields, key) && isAccepted(key, value);
    this.#append(isGiven ? key : fieldNameOf(key), journalValue(value));
  }

  finish(): JournalFields {
    if (this.#more !== undefined) this.#fields['MORE_FIELDS'] = jsonText(this.#more);
    return this.#fields;
  }

  #append(name: string, value: JournalValue): void {
    this.#count += 1;
    const there = this.#fields[name];
    // An array would be several values.
    if (there === undefined) this.#fields[name] = Array.isArray(value) ? [value] : value;
    else if (Array.isArray(there)) there.push(value);
    else this.#fields[name] = [there, value];
  }
}

/** What the journal takes as a value: functions and symbols as they are shown. */
export function journalValue(value: unknown): JournalValue {
  if (typeof value !== 'function' && typeof value !== 'symbol') return value as JournalValue;
  return typeof value === 'symbol' ? value.toString() : `[Function: ${nameOfFunction(value)}]`;
}

function nameOfFunction(value: Function): string {
  try {
    return value.name || '(anonymous)';
  } catch (error) {
    return throwsText(error);
  }
}

/** The own keys and values of an object; what throws when it is read is a text that says so. */
export function* readable(value: object): Generator<[key: string, value: unknown]> {
  for (const key of Object.keys(value)) {
    let one: unknown;
    try {
      one = (value as Record<string, unknown>)[key];
    } catch (error) {
      one = throwsText(error);
    }
    yield [key, one];
  }
}
