import type { PathLike } from '@osx/errors';

/** Which entries: `system` are those of services and the kernel, `user` those of this user's own services. */
export type JournalScope = 'system' | 'user' | 'all';

/** Who reads the files. */
export type JournalReaderBackend = 'libsystemd' | 'journalctl';

/** Which journal, and how; see {@link JournalReader.open}. Of `namespace`, `directory` and `files` one at most. */
export interface JournalReaderOptions {
  /** The journal of this namespace; default: the one without a name. */
  namespace?: string | undefined;
  /** A directory of journal files, as `/var/log/journal/MACHINE-ID` or a copy of it. */
  directory?: PathLike | undefined;
  /** Journal files, at least one. */
  files?: readonly PathLike[] | undefined;
  /** Default: `all`, which is what this user may read. Not together with `files`. */
  scope?: JournalScope | undefined;
  /**
   * `libsystemd` calls libsystemd.so.0, `journalctl` reads the output of a child. Default: the first where it can be loaded.
   */
  backend?: JournalReaderBackend | undefined;
  /** Values of more bytes are cut to so many; default: 0, which is none are. */
  dataThreshold?: number | undefined;
}

/** How {@link JournalReader.seekCursor} takes the cursor. */
export interface SeekCursorOptions {
  /** Whether the entry of the cursor itself comes first; default: false, as whoever goes on after it wants. */
  inclusive?: boolean | undefined;
}

/** What {@link JournalReader.follow} is told. */
export interface FollowOptions {
  /** Ends the iteration with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Whether only what comes from now on is wanted; default: false, what is there after the position comes first. */
  fromTail?: boolean | undefined;
}

/** One boot of the machine, as far as the journal has entries of it. */
export interface JournalBoot {
  readonly bootId: string;
  readonly firstRealtimeUsec: bigint;
  readonly lastRealtimeUsec: bigint;
}
