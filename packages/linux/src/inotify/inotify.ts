import { closeSync } from 'node:fs';

import { checkAbortSignal, checkOptions, checkPath, invalidArgType, invalidArgValue, SystemError } from '@osx/errors';
import type { PathLike } from '@osx/errors';
import { checked, toCString } from '@osx/native-ffi';

import { addWatchError } from '../internal/add-watch-error.ts';
import { addWatchMask } from '../internal/add-watch-mask.ts';
import { checkInotifyOptions } from '../internal/check-inotify-options.ts';
import { EventIterator } from '../internal/event-iterator.ts';
import { EventQueue } from '../internal/event-queue.ts';
import { EINVAL } from '../internal/errno-numbers.ts';
import { inotifyAddWatch, inotifyRmWatch, openInotifyFd } from '../internal/inotify-calls.ts';
import { InotifyReader } from '../internal/inotify-reader.ts';
import { readWatchDescriptors } from '../internal/read-watch-descriptors.ts';
import { WatchTable } from '../internal/watch-table.ts';
import { IN_MASK_ADD } from './constants.ts';
import type { InotifyEvent } from './inotify-event.ts';
import type { AddWatchOptions, InotifyEventsOptions, InotifyOptions } from './inotify-options.ts';
import { InotifyWatch } from './inotify-watch.ts';
import type { WatchOwner } from './inotify-watch.ts';

/**
 * An inotify instance in Node's event loop: no thread, no timer, and an overflow is an event, never silence.
 *
 * Events are taken with `for await`, or by the callback `onEvent`. The iterator has back-pressure: when its buffer is
 * full, reading stops, and the kernel's own queue fills and reports what it had to drop.
 *
 * **Platform** Linux 2.6.27; `IN_MASK_CREATE` (mode `'create'`) 4.18. Works in Workers; the descriptor is closed when
 * the Worker ends.
 *
 * **Gotchas** Identical events that follow each other are one event (the kernel merges them). Nothing is reported for a
 * change made by another machine on a network file system, or through a mapping (`mmap`).
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { IN_CLOSE_WRITE, Inotify } from '@osx/linux/inotify';
 *
 * const inotify = Inotify.open();
 * inotify.addWatch('.', IN_CLOSE_WRITE);
 * writeFileSync('hello.txt', 'hello');
 * for await (const event of inotify) {
 *   console.log(event.name, event.maskNames); // hello.txt [ 'IN_CLOSE_WRITE' ]
 *   break;
 * }
 * inotify.close();
 * ```
 *
 * @see https://man7.org/linux/man-pages/man7/inotify.7.html
 */
export class Inotify implements WatchOwner, AsyncIterable<InotifyEvent>, Disposable {
  readonly #fd: number;
  readonly #table = new WatchTable();
  readonly #queue: EventQueue<InotifyEvent> | undefined;
  readonly #reader: InotifyReader;
  #isClosed = false;

  private constructor(options: InotifyOptions) {
    const { onEvent, onError, maxBufferedEvents, readBufferBytes } = checkInotifyOptions(options);
    const queue =
      onEvent === undefined
        ? new EventQueue<InotifyEvent>(
            maxBufferedEvents,
            () => this.#reader.resume(),
            (event) => event.watch?.isRemoved === true,
          )
        : undefined;
    this.#queue = queue;
    this.#fd = openInotifyFd();
    try {
      this.#reader = new InotifyReader(this.#fd, {
        bufferBytes: readBufferBytes,
        table: this.#table,
        deliver: onEvent ?? ((event) => queue?.push(event)),
        freeSlots: () => queue?.freeSlots() ?? Infinity,
        fail: (error) => this.#fail(error, onError),
      });
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  /**
   * Opens an inotify instance (`inotify_init1`), close-on-exec and non-blocking. It keeps the process alive until it is
   * closed or `unref()`ed.
   *
   * @param options Callback or buffer; see {@link InotifyOptions}.
   * @returns An instance to `close()`, by hand or with `using`.
   * @throws {SystemError} EMFILE: `fs.inotify.max_user_instances` or the process's limit of descriptors (the message says
   *   which); ENFILE, ENOMEM.
   * @throws {UnsupportedError} where there is no Linux or no native layer.
   */
  static open(options: InotifyOptions = {}): Inotify {
    return new Inotify(checkOptions('options', options) as InotifyOptions);
  }

  /** The descriptor, for `/proc/self/fdinfo`; reading it yourself takes events away. */
  get fd(): number {
    return this.#openFd('inotify');
  }

  /** Whether `close()` was called, or reading failed. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The watches in force, as far as events were read. */
  get watches(): InotifyWatch[] {
    return this.#table.current();
  }

  /**
   * Watches the inode that `path` leads to (`inotify_add_watch`). From the return on, every event is reported.
   *
   * **Gotchas** An inode has one watch per instance: adding it again gives the same object and **replaces** its mask,
   * unless `mode` is `'add'` or `'create'`. To watch an open file whatever became of its name, pass `/proc/self/fd/N`.
   * A file that is replaced by rename has another inode: watch its directory.
   *
   * @param path Not empty, without NUL.
   * @param mask `IN_*` bits, at least one event. Flags (`IN_ONLYDIR`, ...) may be in the mask or in the options.
   * @param options See {@link AddWatchOptions}.
   * @returns The watch; `previousMask` says whether there was one already.
   * @throws {SystemError} ENOSPC (`fs.inotify.max_user_watches`, or no memory for it), ENOENT, EACCES (no read
   *   permission), EEXIST (`'create'`), ENOTDIR (`onlyDirectory`), ENAMETOOLONG, EBADF (closed).
   */
  addWatch(path: PathLike, mask: number, options: AddWatchOptions = {}): InotifyWatch {
    const checkedPath = checkPath('path', path);
    const wanted = addWatchMask(mask, checkOptions('options', options) as AddWatchOptions);
    const wd = inotifyAddWatch(this.#openFd('inotify_add_watch'), toCString(checkedPath), wanted.argument);
    if (wd < 0) throw addWatchError(wd, checkedPath);
    const known = this.#table.currentOf(wd);
    const watch = known ?? new InotifyWatch(this, wd);
    if (known === undefined) this.#table.add(watch);
    const isAdded = (wanted.argument & IN_MASK_ADD) !== 0;
    watch.recordAddition(checkedPath, isAdded ? (watch.mask | wanted.inForce) >>> 0 : wanted.inForce);
    return watch;
  }

  /**
   * Removes a watch (`inotify_rm_watch`). Once this returns, no event of it is delivered: not those that wait in the
   * kernel's queue or in the buffer, nor its `IN_IGNORED`.
   *
   * @param watch A watch of this instance.
   * @returns false when the watch was gone already: removed, one-shot and fired, its object deleted or unmounted.
   */
  removeWatch(watch: InotifyWatch): boolean {
    if (!(watch instanceof InotifyWatch)) throw invalidArgType('watch', 'an InotifyWatch', watch);
    if (!watch.isOwnedBy(this)) throw invalidArgValue('watch', 'a watch of this instance', watch);
    watch.recordRemoval();
    if (this.#isClosed || this.#table.currentOf(watch.wd) !== watch) return false;
    const result = inotifyRmWatch(this.#fd, watch.wd);
    // EINVAL: the kernel has ended the watch by itself. What it queued before, IN_IGNORED at the end, is dropped too.
    this.#table.end(watch);
    if (result === -EINVAL) return false;
    checked(result, 'inotify_rm_watch');
    return true;
  }

  /**
   * Compares the watches with the kernel's (`/proc/self/fdinfo`) and ends those that are gone. Useful after an overflow,
   * which may have swallowed an `IN_IGNORED`.
   *
   * @returns The watches that turned out to be gone.
   * @throws {SystemError} EBADF (closed), ENOENT (no procfs).
   */
  refreshWatches(): InotifyWatch[] {
    const alive = readWatchDescriptors(this.#openFd('inotify'));
    const gone = this.#table.current().filter((watch) => !alive.has(watch.wd));
    for (const watch of gone) this.#table.end(watch);
    return gone;
  }

  /**
   * The events as an async iterator. Leaving the loop leaves the instance open; another loop goes on where this one
   * stopped. Several loops at once share the events: each event goes to one of them.
   *
   * @param options `signal` ends the iteration with its reason.
   * @returns An iterator that ends when the instance is closed.
   * @throws {SystemError} EBADF (closed). `next()` rejects when the descriptor cannot be read any more.
   */
  events(options: InotifyEventsOptions = {}): AsyncIterableIterator<InotifyEvent, undefined, undefined> {
    if (this.#queue === undefined) {
      throw invalidArgValue('onEvent', 'undefined for an instance whose events are iterated', 'a function');
    }
    const { signal } = checkOptions('options', options) as InotifyEventsOptions;
    this.#openFd('read');
    return new EventIterator(this.#queue, checkAbortSignal('options.signal', signal));
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<InotifyEvent, undefined, undefined> {
    return this.events();
  }

  /** Keeps the process alive while the instance is open (the default). */
  ref(): this {
    this.#reader.ref();
    return this;
  }

  /** Lets the process end although the instance is open. */
  unref(): this {
    this.#reader.unref();
    return this;
  }

  /** Closes the instance, and with it every watch: iterators end, buffered events are dropped. Idempotent. */
  close(): void {
    if (!this.#isClosed) this.#close(undefined);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #close(error: Error | undefined): void {
    this.#isClosed = true;
    this.#reader.close();
    this.#table.clear();
    closeSync(this.#fd);
    this.#queue?.end(error);
  }

  #fail(error: Error, onError: InotifyOptions['onError']): void {
    this.#close(error);
    if (onError !== undefined) onError(error);
    else if (this.#queue === undefined) throw error;
  }

  #openFd(syscall: string): number {
    if (!this.#isClosed) return this.#fd;
    throw new SystemError({ code: 'EBADF', syscall, message: 'the inotify instance is closed' });
  }
}
