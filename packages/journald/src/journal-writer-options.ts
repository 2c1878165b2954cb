import type { JournalTargetOptions } from './journal-target-options.ts';

/** What happens to an entry for which the queue has no room. */
export type WhenFull = 'wait' | 'drop-oldest' | 'drop-newest';

/** Options of {@link JournalWriter}. */
export interface JournalWriterOptions extends JournalTargetOptions {
  /** The most entries that wait for journald, 1 or more; default: 10,000. */
  queueLimit?: number | undefined;
  /** The most bytes that wait for journald; one entry may always wait. Default: 32 MiB. */
  queueLimitBytes?: number | undefined;
  /**
   * - `wait` (default): `send` resolves once there is room; nothing is lost. As many as `queueLimit` may wait so; a program that
   *   does not await gets `ENOBUFS` for what is beyond, which is counted as dropped.
   * - `drop-oldest`: those that waited longest make room.
   * - `drop-newest`: the new entry is not taken.
   */
  whenFull?: WhenFull | undefined;
}
