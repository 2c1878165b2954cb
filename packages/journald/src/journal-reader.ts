import { checkAbortSignal, checkBoolean, checkInteger, type PathLike } from '@osx/errors';

import { entryOfBoot, listBoots } from './internal/reader/boot-entries.ts';
import { catalogTextFor } from './internal/reader/catalog-text.ts';
import * as check from './internal/reader/check-reader-arguments.ts';
import type { Direction, JournalBackend } from './internal/reader/journal-backend.ts';
import { checkAccess, findJournalFiles, journalUsage } from './internal/reader/journal-files.ts';
import type { MatchGroups } from './internal/reader/match-groups.ts';
import { openBackend, selectReaderBackend } from './internal/reader/open-backend.ts';
import { checkReaderOptions, type ReaderSource } from './internal/reader/reader-source.ts';
import { ReadingPlace } from './internal/reader/reading-place.ts';
import { JournalEntry } from './journal-entry.ts';
import type {
  FollowOptions,
  JournalBoot,
  JournalReaderBackend,
  JournalReaderOptions,
  SeekCursorOptions,
} from './journal-reader-options.ts';

/**
 * Reads the systemd journal: every byte of every field, from any place in either direction, and on as it grows.
 *
 * A reader stands between two entries, at first before the oldest. What moves it takes its turn: calls that are not
 * awaited are done in the order in which they were made.
 *
 * **Platform** Linux with systemd 246 or later: through libsystemd, or a child `journalctl` where that cannot be loaded.
 *
 * **Gotchas** A reader holds descriptors and mappings (or a child): close it; `worker.terminate()` does not. The journal
 * has no end to be relied on: entries are removed (vacuum) while they are read.
 *
 * @example
 * ```ts
 * import { JournalReader } from '@osx/journald';
 *
 * const reader = JournalReader.open();
 * reader.addMatch('PRIORITY', 3).addMatch('_TRANSPORT', 'journal');
 * await reader.seekTail();
 * for (let count = 0; count < 10; count++) {
 *   const entry = await reader.previous();
 *   if (entry === null) break;
 *   console.log(entry.timestamp, entry.message);
 * }
 * reader.close();
 * ```
 * @see https://www.freedesktop.org/software/systemd/man/latest/sd-journal.html
 */
export class JournalReader implements AsyncIterable<JournalEntry>, Disposable {
  /** Who reads: `libsystemd` or `journalctl`. */
  readonly backend: JournalReaderBackend;
  readonly #source: ReaderSource;
  readonly #place: ReadingPlace;

  private constructor(source: ReaderSource, backend: JournalReaderBackend) {
    this.#source = source;
    this.backend = backend;
    this.#place = new ReadingPlace(openBackend(backend, source));
  }

  /**
   * Opens the journal of this machine, or another one.
   *
   * @param options See {@link JournalReaderOptions}.
   * @returns A reader before the oldest entry; close it. A journal that is not there is empty.
   * @throws {SystemError} `EACCES` when there are files and this user may read none; `ENOENT` for a file or directory that is
   * not there; `EBADMSG`, `ENODATA` for a file that is no journal; `EMFILE`.
   * @throws {UnsupportedError} where the wanted backend is missing (`journalctl`: at the first read).
   */
  static open(options?: JournalReaderOptions): JournalReader {
    const { source, backend } = checkReaderOptions(options);
    checkAccess(source);
    return new JournalReader(source, selectReaderBackend(backend));
  }

  get isClosed(): boolean {
    return this.#place.isClosed;
  }

  /** How many entries could not be read, because their file is damaged, and were passed over. */
  get skippedEntries(): number {
    return this.#place.skippedEntries;
  }

  /** Files and directories that belong to this journal and that this user may not read: their entries are missing. */
  get unreadablePaths(): PathLike[] {
    return [...findJournalFiles(this.#source).forbidden];
  }

  /**
   * Wants entries with this value of a field, from the next move on. Of one field, several values are alternatives; several
   * fields must all match.
   *
   * @param value A text, bytes, or a number in decimal. The whole value: there are no patterns.
   */
  addMatch(field: string, value: string | Uint8Array | number | bigint): this {
    const match = check.checkMatch(field, value);
    return this.#changeMatches((matches) => matches.add(match));
  }

  /** The matches before, or those that follow. */
  or(): this {
    return this.#changeMatches((matches) => matches.or());
  }

  /** All that was said before, and what follows: binds weaker than `or`. */
  and(): this {
    return this.#changeMatches((matches) => matches.and());
  }

  /** Wants every entry again. */
  clearMatches(): this {
    return this.#changeMatches((matches) => matches.clear());
  }

  /** Before the oldest entry. */
  async seekHead(): Promise<void> {
    await this.#place.seek({ type: 'head' });
  }

  /** Behind the newest entry that there is: `previous()` gives it, `next()` what comes later. */
  async seekTail(): Promise<void> {
    await this.#place.seek({ type: 'tail' });
  }

  /**
   * Where an entry is, or was: `next()` gives the one after it, never itself. When it has been removed, the oldest after it.
   *
   * @param cursor Of a {@link JournalEntry}, also of another process or years ago.
   */
  async seekCursor(cursor: string, options?: SeekCursorOptions): Promise<void> {
    const text = check.checkCursor(cursor);
    const { inclusive = false } = check.checkReadOptions(options);
    const includes: Direction[] = checkBoolean('options.inclusive', inclusive) ? ['forward', 'backward'] : [];
    await this.#place.seek({ type: 'cursor', cursor: text, includes });
  }

  /** At a time: `next()` gives what journald took at that moment or later, `previous()` at that moment or before. */
  async seekTime(time: Date | bigint): Promise<void> {
    await this.#place.seek({ type: 'time', usec: check.checkTime(time) });
  }

  /**
   * Before the first entry of a boot.
   *
   * @param bootId 32 hexadecimal digits; see {@link boots}.
   * @returns false, and stays, when there is no entry of it.
   */
  async seekBoot(bootId: string): Promise<boolean> {
    const id = check.checkId('bootId', bootId);
    return await this.#place.inTurn(async (journal) => {
      const first = await this.#beside((other) => entryOfBoot(other, id, 'first'));
      if (first === undefined) return false;
      await journal.seek({ type: 'cursor', cursor: first.cursor, includes: ['forward'] });
      return true;
    });
  }

  /** The next entry, or null where there is none (yet). */
  async next(): Promise<JournalEntry | null> {
    return await this.#place.read('forward');
  }

  /** The entry before, or null where there is none. */
  async previous(): Promise<JournalEntry | null> {
    return await this.#place.read('backward');
  }

  /**
   * Passes over entries without reading them.
   *
   * @param count Forward; negative: backward.
   * @returns How many there were.
   */
  async skip(count: number): Promise<number> {
    const wanted = Math.abs(checkInteger('count', count));
    const direction = count < 0 ? 'backward' : 'forward';
    return await this.#place.inTurn(async (journal) => {
      let passed = 0;
      while (passed < wanted && (await journal.move(direction))) passed++;
      return passed;
    });
  }

  /** The entries from here to the end, as it is when it is reached. */
  async *[Symbol.asyncIterator](): AsyncGenerator<JournalEntry, void, undefined> {
    for (;;) {
      const entry = await this.next();
      if (entry === null) return;
      yield entry;
    }
  }

  /**
   * The entries from here on and those that will come, each once, over rotation and vacuum.
   *
   * Woken by the kernel when the journal changes. Nothing is read ahead: who takes no entry holds nothing up.
   *
   * @param options See {@link FollowOptions}.
   * @returns An iterator that ends when the reader is closed. While it runs nothing else may move the reader (`EBUSY`).
   */
  follow(options?: FollowOptions): AsyncGenerator<JournalEntry, void, undefined> {
    const { signal, fromTail = false } = check.checkReadOptions(options);
    const checkedSignal = checkAbortSignal('options.signal', signal);
    const isFromTail = checkBoolean('options.fromTail', fromTail);
    const start = this.#place.inTurn(async (journal) => {
      if (isFromTail) await journal.seek({ type: 'tail' });
    });
    start.catch(() => {});
    return this.#place.follow(start, checkedSignal);
  }

  /** All values that a field has in the journal, each once, whatever the matches are. */
  uniqueValues(field: string): AsyncIterable<Buffer> {
    const name = check.checkField(field);
    return this.#place.journal.uniqueValues(name);
  }

  /** The names of all fields that are in the journal, sorted. */
  async fieldNames(): Promise<string[]> {
    const names: string[] = [];
    for await (const name of this.#place.journal.fieldNames()) names.push(name);
    return names.toSorted();
  }

  /** The boots of which there are entries, the oldest first. */
  async boots(): Promise<JournalBoot[]> {
    this.#place.checkOpen();
    return await this.#beside(listBoots);
  }

  /** What the files that can be read occupy on disk, in bytes. */
  usage(): number {
    this.#place.checkOpen();
    return journalUsage(this.#source);
  }

  /**
   * The catalog's explanation of a message, by the id of its kind, with the entry's fields put in.
   *
   * @param message An entry with a MESSAGE_ID, or such an id.
   * @returns The text with its header lines (`Subject: `), or null.
   */
  async catalog(message: JournalEntry | string): Promise<string | null> {
    const { journal } = this.#place;
    if (!(message instanceof JournalEntry)) return await journal.catalog(check.checkId('message', message));
    const id = message.get('MESSAGE_ID');
    if (id === undefined || !/^[\da-f]{32}$/i.test(id)) return null;
    const text = await journal.catalog(id.toLowerCase());
    return text === null ? null : catalogTextFor(message, text);
  }

  /** Closes the files; ends what waits. Idempotent. */
  close(): void {
    this.#place.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** With another place and other matches than ours. */
  async #beside<Result>(work: (journal: JournalBackend) => Promise<Result>): Promise<Result> {
    const journal = openBackend(this.backend, this.#source);
    try {
      return await work(journal);
    } finally {
      journal.close();
    }
  }

  #changeMatches(change: (matches: MatchGroups) => void): this {
    this.#place.changeMatches(change);
    return this;
  }
}
