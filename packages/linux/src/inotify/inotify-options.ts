import type { InotifyEvent } from './inotify-event.ts';

/** How an `Inotify` hands out its events. */
export interface InotifyOptions {
  /**
   * Called with each event, in order, from the event loop as soon as the kernel has it: nothing is buffered, and the
   * async iterator cannot be used. An exception becomes an uncaught one after the rest of the batch was delivered.
   */
  onEvent?: ((event: InotifyEvent) => void) | undefined;
  /** Called once when the descriptor cannot be read any more; the instance is then closed. Default: thrown as uncaught. */
  onError?: ((error: Error) => void) | undefined;
  /**
   * How many events wait for the async iterator at most, 1 or more. When they do, reading stops until half of them are
   * taken; the kernel's queue (`fs.inotify.max_queued_events`) fills in the meantime and then reports an overflow.
   * Default 4096.
   */
  maxBufferedEvents?: number | undefined;
  /** Size of the buffer for one read(2), at least 272 (one event with the longest name). Default 65536. */
  readBufferBytes?: number | undefined;
}

/** What becomes of a watch that the inode has already: see `IN_MASK_ADD` and `IN_MASK_CREATE` of inotify(7). */
export type InotifyAddMode = 'replace' | 'add' | 'create';

/** Options of `Inotify.addWatch`. */
export interface AddWatchOptions {
  /** `'replace'` the mask of a watch that is there (default), `'add'` to it, or `'create'`: fail with EEXIST. */
  mode?: InotifyAddMode | undefined;
  /** Fail with ENOTDIR unless the path is a directory (`IN_ONLYDIR`). */
  onlyDirectory?: boolean | undefined;
  /** Watch a symbolic link itself (`IN_DONT_FOLLOW`). */
  dontFollow?: boolean | undefined;
  /** No events for entries that were unlinked but are still open (`IN_EXCL_UNLINK`). */
  excludeUnlinked?: boolean | undefined;
  /** End the watch with its first event (`IN_ONESHOT`). */
  oneshot?: boolean | undefined;
}

/** Options of `Inotify.events`. */
export interface InotifyEventsOptions {
  /** Ends the iteration: `next()` rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}
