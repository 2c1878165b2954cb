import { throwIfAborted } from '@osx/errors';

import type { JournalEntry } from '../../journal-entry.ts';
import { closedError } from './closed-error.ts';
import type { Direction, JournalBackend, Position } from './journal-backend.ts';
import { entryArguments, matchArguments, tailArguments } from './journalctl-arguments.ts';
import { JournalctlEntries } from './journalctl-child.ts';
import { journalctlCatalog, journalctlFieldNames, journalctlUniqueValues } from './journalctl-queries.ts';
import { MatchGroups } from './match-groups.ts';
import type { ReaderSource } from './reader-source.ts';

type Place = Exclude<Position, { type: 'tail' }>;
type Run = Direction | 'follow';

/** The journal through the output of journalctl: a child for each run in one direction. */
export class JournalctlBackend implements JournalBackend {
  readonly #source: ReaderSource;
  #matches = new MatchGroups();
  /** Where the next child starts; behind the last entry once there is one. */
  #place: Place = { type: 'head' };
  #current: JournalEntry | undefined;
  #child: { readonly run: Run; readonly entries: JournalctlEntries } | undefined;
  #isClosed = false;

  constructor(source: ReaderSource) {
    this.#source = source;
  }

  async seek(position: Position): Promise<void> {
    this.#endChild();
    this.#place = position.type === 'tail' ? await this.#tail() : position;
  }

  match(matches: MatchGroups): void {
    this.#endChild();
    this.#matches = matches;
  }

  async move(direction: Direction): Promise<boolean> {
    return await this.#moveBy(direction);
  }

  async moveWhenThere(signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    const onAbort = (): void => this.#endChild();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      // It has no end but that of its process.
      while (!(await this.#moveBy('follow'))) throwIfAborted(signal);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  current(): JournalEntry | null {
    return this.#current as JournalEntry;
  }

  fieldNames(): AsyncIterable<string> {
    return journalctlFieldNames(this.#source);
  }

  uniqueValues(field: string): AsyncIterable<Buffer> {
    return journalctlUniqueValues(this.#source, field);
  }

  catalog(messageId: string): Promise<string | null> {
    return journalctlCatalog(messageId);
  }

  rest(): void {
    this.#endChild();
  }

  close(): void {
    this.#isClosed = true;
    this.#endChild();
  }

  async #moveBy(run: Run): Promise<boolean> {
    if (this.#isClosed) throw closedError('journalctl');
    const direction = run === 'backward' ? run : 'forward';
    if (this.#place.type === 'head' && direction === 'backward') return false;
    const entries = this.#entriesOf(run);
    let entry = await entries.next();
    if (entry !== undefined && this.#isExcluded(entry, direction)) entry = await entries.next();
    if (this.#isClosed) throw closedError('journalctl');
    if (entry === undefined) {
      this.#endChild();
      return false;
    }
    this.#current = entry;
    this.#place = { type: 'cursor', cursor: entry.cursor, includes: [] };
    return true;
  }

  #isExcluded(entry: JournalEntry, direction: Direction): boolean {
    const place = this.#place;
    return place.type === 'cursor' && place.cursor === entry.cursor && !place.includes.includes(direction);
  }

  #entriesOf(run: Run): JournalctlEntries {
    if (this.#child?.run !== run) {
      this.#endChild();
      const args = [...entryArguments(this.#source, this.#place, run), ...matchArguments(this.#matches)];
      this.#child = { run, entries: new JournalctlEntries(args, this.#source.dataThreshold) };
    }
    return this.#child.entries;
  }

  /** The end as it is now. What comes until journalctl has looked for it is told by its time. */
  async #tail(): Promise<Place> {
    const now = BigInt(Date.now()) * 1000n;
    const entries = new JournalctlEntries(tailArguments(this.#source), this.#source.dataThreshold);
    try {
      const last = await entries.next();
      if (last === undefined) return { type: 'head' };
      if (last.realtimeUsec >= now) return { type: 'time', usec: now };
      return { type: 'cursor', cursor: last.cursor, includes: ['backward'] };
    } finally {
      entries.close();
    }
  }

  #endChild(): void {
    this.#child?.entries.close();
    this.#child = undefined;
  }
}
