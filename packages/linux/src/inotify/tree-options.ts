import type { TreeEvent } from './tree-event.ts';

/**
 * What a tree watcher leaves out: a list, or a function.
 *
 * In a list, a name without a slash (`node_modules`) leaves out every entry of that name, and one with a slash
 * (`build/cache`) that path relative to the root. A function is asked once for each entry, with its path relative to the
 * root; `path.matchesGlob` makes patterns of it. What a directory that is left out holds is neither watched nor read.
 */
export type TreeIgnore = readonly string[] | ((relativePath: string, isDirectory: boolean) => boolean);

/** Options of `watchTree`. */
export interface WatchTreeOptions {
  /** What to leave out. Default: nothing. */
  ignore?: TreeIgnore | undefined;
  /**
   * Report what is there at the start as `create`, before `ready`. Default false. Take the events while you wait for `ready`:
   * reading stops when the iterator's buffer is full.
   */
  emitExisting?: boolean | undefined;
  /** Report every write as `modify`, not only the end of writing. Default false. */
  modify?: boolean | undefined;
  /** Report changes of metadata as `attributes`. Default false. */
  attributes?: boolean | undefined;
  /**
   * Called with each event, in order, from the event loop: nothing is buffered, and the async iterator cannot be used. An
   * exception becomes an uncaught one after the rest of the batch was delivered.
   */
  onEvent?: ((event: TreeEvent) => void) | undefined;
  /** Called once when watching cannot go on (ENOSPC, ...); the watcher is then closed. Default: thrown as uncaught. */
  onError?: ((error: Error) => void) | undefined;
  /**
   * From how many events in the iterator's buffer on reading stops, 17 or more, until half of them are taken. One
   * directory's scan may go beyond. Default 16384.
   */
  maxBufferedEvents?: number | undefined;
  /** Closes the watcher; `ready` and iterators reject with its reason. */
  signal?: AbortSignal | undefined;
}

/** Options of `TreeWatcher.events`. */
export interface TreeEventsOptions {
  /** Ends the iteration: `next()` rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}
