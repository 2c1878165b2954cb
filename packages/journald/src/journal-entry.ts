import { parseEntryPriority } from './internal/reader/parse-entry-priority.ts';

/** What {@link JournalEntry} is made of. */
export interface JournalEntryParts {
  readonly cursor: string;
  readonly realtimeUsec: bigint;
  readonly monotonicUsec: bigint;
  readonly bootId: string;
  readonly fields: ReadonlyMap<string, readonly Buffer[]>;
}

/**
 * An entry of the journal, byte for byte: every field with all its values, in the order of the journal.
 *
 * It is a copy: it stays as it is when the reader moves on or is closed.
 *
 * **Gotchas**: the values of one field are in no order that the sender chose, and two equal ones are one: the journal
 * stores it so.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html
 */
export class JournalEntry {
  /** Where the entry is, for `seekCursor`: a text to be kept and handed back, in no form that is promised. */
  readonly cursor: string;
  /** When journald took the entry: microseconds since 1970. */
  readonly realtimeUsec: bigint;
  /** The same on the clock that starts at 0 with the boot `bootId`. */
  readonly monotonicUsec: bigint;
  /** 32 hexadecimal digits. */
  readonly bootId: string;
  /** The values of each field: several where the sender gave several. */
  readonly fields: ReadonlyMap<string, readonly Buffer[]>;

  constructor(parts: JournalEntryParts) {
    this.cursor = parts.cursor;
    this.realtimeUsec = parts.realtimeUsec;
    this.monotonicUsec = parts.monotonicUsec;
    this.bootId = parts.bootId;
    this.fields = parts.fields;
  }

  /** The number of the entry in its series of files; undefined where the cursor has none. */
  get seqnum(): bigint | undefined {
    const digits = /(?:^|;)i=([\da-f]+)(?:;|$)/.exec(this.cursor)?.[1];
    return digits === undefined ? undefined : BigInt(`0x${digits}`);
  }

  /** The first value of a field as UTF-8, in which bytes that are none become U+FFFD. */
  get(name: string): string | undefined {
    return this.getBytes(name)?.toString('utf8');
  }

  /** The first value of a field as it is. */
  getBytes(name: string): Buffer | undefined {
    return this.fields.get(name)?.[0];
  }

  /** All values of a field as they are; none where the entry does not have it. */
  getAll(name: string): readonly Buffer[] {
    return this.fields.get(name) ?? [];
  }

  /** The field MESSAGE. */
  get message(): string | undefined {
    return this.get('MESSAGE');
  }

  /** The field PRIORITY: 0 (emerg) to 7 (debug); undefined where it is missing or no such number. */
  get priority(): number | undefined {
    return parseEntryPriority(this.getBytes('PRIORITY'));
  }

  /** `realtimeUsec` as a Date, cut to milliseconds. */
  get timestamp(): Date {
    return new Date(Number(this.realtimeUsec / 1000n));
  }
}
