import type { JournalEntry } from '../../journal-entry.ts';
import type { MatchGroups } from './match-groups.ts';

export type Direction = 'forward' | 'backward';

/** Where reading goes on from. */
export type Position =
  | { readonly type: 'head' }
  | { readonly type: 'tail' }
  | { readonly type: 'time'; readonly usec: bigint }
  | {
      readonly type: 'cursor';
      readonly cursor: string;
      /** In which directions the entry of the cursor itself comes first. */
      readonly includes: readonly Direction[];
    };

/** One way to read a journal: calls into libsystemd, or a journalctl. Not two calls at once. */
export interface JournalBackend {
  seek(position: Position): Promise<void> | void;
  /** Which entries count from now on; the position stays. */
  match(matches: MatchGroups): void;
  /** Goes to the next entry in a direction, if there is one; otherwise stays. */
  move(direction: Direction): Promise<boolean>;
  /** As `move` forward, and waits for an entry where there is none yet. */
  moveWhenThere(signal: AbortSignal): Promise<void>;
  /** The entry that `move` went to; null when the files are damaged there. */
  current(): JournalEntry | null;
  /** Beside the position and the matches: */
  fieldNames(): AsyncIterable<string>;
  uniqueValues(field: string): AsyncIterable<Buffer>;
  catalog(messageId: string): Promise<string | null>;
  /** Nobody moves for a while. */
  rest(): void;
  /** Makes `moveWhenThere` reject with the error. */
  close(): void;
}
