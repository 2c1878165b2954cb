import { SystemError } from '@osx/errors';

import type { JournalEntry } from '../../journal-entry.ts';
import { CallOrder } from './call-order.ts';
import { closedError } from './closed-error.ts';
import type { Direction, JournalBackend, Position } from './journal-backend.ts';
import { MatchGroups } from './match-groups.ts';

/** Where a reader stands in a journal, and who moves it: one call after the other, or one follower alone. */
export class ReadingPlace {
  readonly #journal: JournalBackend;
  readonly #closing = new AbortController();
  readonly #order = new CallOrder();
  #matches = new MatchGroups();
  #areMatchesNew = false;
  #isFollowed = false;
  #skippedEntries = 0;

  constructor(journal: JournalBackend) {
    this.#journal = journal;
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  get skippedEntries(): number {
    return this.#skippedEntries;
  }

  /** For what does not move: the journal, when it is open. */
  get journal(): JournalBackend {
    this.checkOpen();
    return this.#journal;
  }

  checkOpen(): void {
    if (this.isClosed) throw closedError('sd_journal');
  }

  changeMatches(change: (matches: MatchGroups) => void): void {
    change(this.#matches);
    this.#areMatchesNew = true;
  }

  /** The matches as they are at the call count, and whatever was asked before comes first. */
  async inTurn<Result>(work: (journal: JournalBackend) => Promise<Result>): Promise<Result> {
    this.checkOpen();
    if (this.#isFollowed) throw busyError();
    const matches = this.#areMatchesNew ? this.#matches.copy() : undefined;
    this.#areMatchesNew = false;
    return await this.#order.run(async () => {
      this.checkOpen();
      if (matches !== undefined) this.#journal.match(matches);
      return await work(this.#journal);
    });
  }

  async seek(position: Position): Promise<void> {
    await this.inTurn(async (journal) => await journal.seek(position));
  }

  async read(direction: Direction): Promise<JournalEntry | null> {
    return await this.inTurn(async (journal) => {
      while (await journal.move(direction)) {
        const entry = journal.current();
        if (entry !== null) return entry;
        this.#skippedEntries++;
      }
      return null;
    });
  }

  async *follow(start: Promise<void>, signal: AbortSignal | undefined): AsyncGenerator<JournalEntry, void, undefined> {
    await start;
    if (this.#isFollowed) throw busyError();
    this.#isFollowed = true;
    const ends = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    try {
      for (;;) {
        await this.#journal.moveWhenThere(ends);
        const entry = this.#journal.current();
        if (entry === null) this.#skippedEntries++;
        else yield entry;
      }
    } catch (error) {
      if (!this.isClosed) throw error;
    } finally {
      this.#isFollowed = false;
      this.#journal.rest();
    }
  }

  close(): void {
    if (this.isClosed) return;
    this.#closing.abort();
    this.#journal.close();
  }
}

function busyError(): SystemError {
  return new SystemError({ code: 'EBUSY', syscall: 'sd_journal', message: 'the journal reader is being followed' });
}
