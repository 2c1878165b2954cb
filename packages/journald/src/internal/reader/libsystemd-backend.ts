import { hasCode } from '@osx/errors';
import { whenReadable } from '@osx/native-ffi';

import type { JournalEntry } from '../../journal-entry.ts';
import type { Direction, JournalBackend, Position } from './journal-backend.ts';
import * as calls from './libsystemd-calls.ts';
import { LibsystemdHandle } from './libsystemd-handle.ts';
import { libsystemdCatalog, libsystemdFieldNames, libsystemdUniqueValues } from './libsystemd-queries.ts';
import { namespaceDirectories } from './journal-files.ts';
import { LoopTurns } from './loop-turns.ts';
import { MatchGroups } from './match-groups.ts';
import type { ReaderSource } from './reader-source.ts';

type Place = Exclude<Position, { type: 'tail' }>;

/** The journal through libsystemd, in this process. */
export class LibsystemdBackend implements JournalBackend {
  readonly #source: ReaderSource;
  #handle: LibsystemdHandle;
  /** Those of the namespace that the handle knows. */
  #directories: string;
  readonly #turns = new LoopTurns();
  #matches = new MatchGroups();
  #areMatchesSet = true;
  /** Where the next move starts; undefined: where the library is. */
  #pending: Place | undefined = { type: 'head' };

  constructor(source: ReaderSource) {
    this.#source = source;
    this.#directories = namespaceDirectories(source).join();
    this.#handle = new LibsystemdHandle(source);
  }

  seek(position: Position): void {
    this.#pending = position.type === 'tail' ? this.#tail() : position;
  }

  match(matches: MatchGroups): void {
    this.#matches = matches;
    this.#areMatchesSet = false;
  }

  async move(direction: Direction): Promise<boolean> {
    await this.#turns.take();
    if (!this.#areMatchesSet) this.#handle.setMatches(this.#matches);
    this.#areMatchesSet = true;
    const hasMoved =
      this.#pending === undefined ? this.#handle.step(direction) : this.#moveFrom(this.#pending, direction);
    if (hasMoved) this.#pending = undefined;
    return hasMoved;
  }

  async moveWhenThere(signal: AbortSignal): Promise<void> {
    for (;;) {
      // From here on the library is told of changes: what comes after the move wakes us.
      const fd = this.#handle.call(calls.getFd, 'sd_journal_get_fd');
      signal.throwIfAborted();
      if (await this.move('forward')) return;
      await this.#changed(fd, signal);
      this.#handle.call(calls.processChanges, 'sd_journal_process');
      this.#openNewDirectories();
    }
  }

  current(): JournalEntry | null {
    return this.#handle.entry();
  }

  fieldNames(): AsyncIterable<string> {
    return libsystemdFieldNames(this.#source);
  }

  uniqueValues(field: string): AsyncIterable<Buffer> {
    return libsystemdUniqueValues(this.#source, field);
  }

  catalog(messageId: string): Promise<string | null> {
    return Promise.resolve(libsystemdCatalog(messageId));
  }

  rest(): void {}

  close(): void {
    this.#handle.close();
  }

  /**
   * The end as it is now, as a place between two entries: the library's own tail moves, and after it `next` gives entries
   * anew in some versions.
   */
  #tail(): Place {
    this.#handle.setMatches(new MatchGroups());
    this.#areMatchesSet = false;
    this.#handle.call(calls.seekTail, 'sd_journal_seek_tail');
    if (!this.#handle.step('backward')) return { type: 'head' };
    return { type: 'cursor', cursor: this.#handle.cursor(), includes: ['backward'] };
  }

  #moveFrom(position: Place, direction: Direction): boolean {
    if (position.type === 'cursor') {
      return this.#moveFromCursor(position.cursor, position.includes.includes(direction), direction);
    }
    if (position.type === 'time') {
      this.#handle.call(calls.seekRealtime, 'sd_journal_seek_realtime_usec', position.usec);
      return this.#handle.step(direction);
    }
    if (direction === 'backward') return false;
    this.#handle.call(calls.seekHead, 'sd_journal_seek_head');
    return this.#handle.step(direction);
  }

  #moveFromCursor(cursor: string, isIncluded: boolean, direction: Direction): boolean {
    this.#handle.call(calls.seekCursor, 'sd_journal_seek_cursor', cursor);
    if (!this.#handle.step(direction)) return false;
    // Not there when its file is gone, or when the matches leave it out: then the next one is the next one.
    if (isIncluded || !this.#handle.isAt(cursor)) return true;
    return this.#handle.step(direction);
  }

  /**
   * libsystemd (252) is woken by the first directory of a namespace, but takes no notice of it, as its name is no machine id
   * alone: a new handle does.
   */
  #openNewDirectories(): void {
    const directories = namespaceDirectories(this.#source).join();
    if (directories === this.#directories) return;
    const handle = new LibsystemdHandle(this.#source);
    this.#directories = directories;
    this.#pending ??= { type: 'cursor', cursor: this.#handle.cursor(), includes: [] };
    this.#areMatchesSet = false;
    this.#handle.close();
    this.#handle = handle;
  }

  async #changed(fd: number, signal: AbortSignal): Promise<void> {
    const deadline = this.#handle.deadlineUsec();
    if (deadline === undefined) return await whenReadable(fd, { signal });
    // Network file systems tell nothing: libsystemd says when to look.
    const timeoutMs = Math.max(0, Number(deadline - process.hrtime.bigint() / 1000n) / 1000);
    try {
      await whenReadable(fd, { signal, timeoutMs });
    } catch (error) {
      if (!hasCode(error, 'ETIMEDOUT')) throw error;
    }
  }
}
