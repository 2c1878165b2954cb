import { closeSync, realpathSync } from 'node:fs';

import {
  checkAbortSignal,
  checkOptions,
  invalidArgValue,
  SystemError,
  throwIfAborted,
  withSystemErrors,
} from '@osx/errors';

import { byteStringToPath, byteStringToText, toByteString } from '../internal/byte-name.ts';
import type { CheckedTreeOptions } from '../internal/check-tree-options.ts';
import { EventIterator } from '../internal/event-iterator.ts';
import { EventQueue } from '../internal/event-queue.ts';
import { openInotifyFd } from '../internal/inotify-calls.ts';
import { ReportClock } from '../internal/report-clock.ts';
import { TreePump } from '../internal/tree-pump.ts';
import { TreeWatches } from '../internal/tree-watches.ts';
import { Tree } from '../internal/tree.ts';
import { TreeEvent } from './tree-event.ts';
import type { TreeEventFields } from './tree-event.ts';
import type { TreeEventsOptions } from './tree-options.ts';

/**
 * A directory tree that is being watched; made by {@link watchTree}.
 *
 * @see https://man7.org/linux/man-pages/man7/inotify.7.html
 */
export class TreeWatcher implements AsyncIterable<TreeEvent>, Disposable {
  /** Absolute path of the root, as it was given; every event's path begins with it. */
  readonly root: string;
  /**
   * Resolves when the tree has been read and every directory is watched: what happens from then on is reported. Rejects
   * when the watcher ends before that. Nobody has to look at it.
   */
  readonly ready: Promise<void>;
  readonly #fd: number;
  readonly #watches: TreeWatches;
  readonly #tree: Tree;
  readonly #pump: TreePump;
  readonly #queue: EventQueue<TreeEvent> | undefined;
  readonly #options: CheckedTreeOptions;
  readonly #settleReady: { resolve(): void; reject(reason: unknown): void };
  #isClosed = false;

  /** @internal */
  constructor(root: string | Buffer, options: CheckedTreeOptions) {
    throwIfAborted(options.signal);
    const shown = absoluteByteString(root);
    const base = withSystemErrors(() => toByteString(realpathSync(byteStringToPath(shown), 'buffer')), root);
    this.root = byteStringToText(shown);
    this.#options = options;
    this.#queue = options.onEvent === undefined ? this.#makeQueue() : undefined;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.ready = promise;
    promise.catch(() => {});
    this.#settleReady = { resolve, reject };
    this.#fd = openInotifyFd();
    try {
      this.#watches = new TreeWatches(this.#fd, withoutSlash(base), options.extraMask);
      this.#tree = new Tree({
        shownBase: withoutSlash(shown),
        watches: this.#watches,
        clock: new ReportClock(),
        ignore: options.ignore,
        deliver: (fields) => this.#deliver(fields),
      });
      this.#watches.addRoot(this.#tree.root);
      this.#pump = this.#makePump();
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** The inotify descriptor, for `/proc/self/fdinfo`; reading it yourself takes events away. */
  get fd(): number {
    if (!this.#isClosed) return this.#fd;
    throw closedError('inotify', this.root);
  }

  /** Whether the watcher was closed, or ended: by the loss of its root, or by an error. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** How many directories are watched. */
  get watchCount(): number {
    return this.#watches.size;
  }

  /**
   * The events as an async iterator. Leaving the loop leaves the watcher open; another loop goes on where this one stopped.
   *
   * @param options `signal` ends the iteration with its reason.
   * @returns An iterator that ends after the event `end`, or when the watcher is closed.
   * @throws {SystemError} EBADF (closed by `close()`). `next()` rejects when watching cannot go on: ENOSPC and others.
   */
  events(options: TreeEventsOptions = {}): AsyncIterableIterator<TreeEvent, undefined, undefined> {
    if (this.#queue === undefined) {
      throw invalidArgValue('onEvent', 'undefined for a watcher whose events are iterated', 'a function');
    }
    const { signal } = checkOptions('options', options) as TreeEventsOptions;
    return new EventIterator(this.#queue, checkAbortSignal('options.signal', signal));
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<TreeEvent, undefined, undefined> {
    return this.events();
  }

  /** Keeps the process alive while the watcher is open (the default). */
  ref(): this {
    if (!this.#isClosed) this.#pump.ref();
    return this;
  }

  /** Lets the process end although the watcher is open. */
  unref(): this {
    if (!this.#isClosed) this.#pump.unref();
    return this;
  }

  /** Ends every watch: iterators end, buffered events are dropped. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#release(closedError('watch', this.root));
    this.#queue?.end();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #makeQueue(): EventQueue<TreeEvent> {
    return new EventQueue(this.#options.maxBufferedEvents, () => this.#pump.resume());
  }

  #makePump(): TreePump {
    const isClosed = (): boolean => this.#isClosed;
    return new TreePump(this.#fd, this.#tree, this.#options, {
      get isClosed() {
        return isClosed();
      },
      hasRoom: () => this.#queue === undefined || this.#queue.freeSlots() > 0,
      onScanned: () => this.#settleReady.resolve(),
      onEnd: (reason) => {
        this.#tree.report('end', '', true, { reason });
        if (this.#isClosed) return;
        this.#release(new SystemError({ code: 'ENOENT', syscall: 'watch', path: this.root }));
        this.#queue?.finish();
      },
      fail: (error) => this.#fail(error),
    });
  }

  #deliver(fields: TreeEventFields): void {
    if (this.#isClosed) return;
    const event = new TreeEvent(fields);
    if (this.#queue !== undefined) {
      this.#queue.push(event);
      return;
    }
    try {
      this.#options.onEvent?.(event);
    } catch (error) {
      // An exception must not cost the others their events: it comes up after them, as uncaught.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  #fail(error: Error): void {
    this.#release(error);
    this.#queue?.finish(error);
    if (this.#options.onError !== undefined) this.#options.onError(error);
    else if (this.#queue === undefined) throw error;
  }

  readonly #onAbort = (): void => {
    const reason = this.#options.signal?.reason as Error;
    this.#release(reason);
    this.#queue?.end(reason);
  };

  #release(reason: unknown): void {
    this.#isClosed = true;
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#pump.close();
    this.#watches.close();
    closeSync(this.#fd);
    this.#settleReady.reject(reason);
  }
}

function closedError(syscall: string, path: string): SystemError {
  return new SystemError({ code: 'EBADF', syscall, path, message: 'the tree watcher is closed' });
}

/** As `path.resolve`, byte for byte. */
function absoluteByteString(path: string | Buffer): string {
  const { posix } = process.getBuiltinModule('node:path');
  return posix.resolve(toByteString(process.cwd()), toByteString(path));
}

function withoutSlash(path: string): string {
  return path === '/' ? '' : path;
}
