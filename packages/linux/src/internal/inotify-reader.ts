import { SystemError } from '@osx/errors';
import { watchFd } from '@osx/native-ffi';
import type { FdWatch } from '@osx/native-ffi';

import { IN_IGNORED } from '../inotify/constants.ts';
import { InotifyEvent } from '../inotify/inotify-event.ts';
import { EAGAIN } from './errno-numbers.ts';
import { inotifyRead } from './inotify-calls.ts';
import type { RawInotifyEvent } from './parse-inotify-events.ts';
import { INOTIFY_EVENT_HEADER_BYTES, INOTIFY_EVENT_MAX_BYTES, parseInotifyEvents } from './parse-inotify-events.ts';
import type { WatchTable } from './watch-table.ts';

export interface InotifyReaderOptions {
  readonly bufferBytes: number;
  readonly table: WatchTable;
  readonly deliver: (event: InotifyEvent) => void;
  /** How many events may be delivered now; 0 pauses the reader until `resume()`. */
  readonly freeSlots: () => number;
  readonly fail: (error: Error) => void;
}

/** Reads in one wake-up, so that a flood of events leaves the event loop to others in between. */
const READS_PER_WAKE_UP = 4;

/** Reads an inotify descriptor whenever the event loop finds it readable, and hands on the events that are wanted. */
export class InotifyReader {
  readonly #fd: number;
  readonly #options: InotifyReaderOptions;
  readonly #buffer: Buffer;
  readonly #watch: FdWatch;

  constructor(fd: number, options: InotifyReaderOptions) {
    this.#fd = fd;
    this.#options = options;
    this.#buffer = Buffer.allocUnsafeSlow(options.bufferBytes);
    this.#watch = watchFd(fd, { readable: true }, () => this.#onReadable());
  }

  ref(): void {
    this.#watch.ref();
  }

  unref(): void {
    this.#watch.unref();
  }

  resume(): void {
    this.#watch.update({ readable: true });
  }

  close(): void {
    this.#watch.close();
  }

  #onReadable(): void {
    for (let reads = 0; reads < READS_PER_WAKE_UP && !this.#watch.isClosed; reads += 1) {
      const slots = this.#options.freeSlots();
      if (slots === 0) {
        this.#watch.update({});
        return;
      }
      const wanted = Math.min(slots * INOTIFY_EVENT_HEADER_BYTES, this.#buffer.length);
      const count = inotifyRead(this.#fd, this.#buffer, wanted);
      if (count > 0) parseInotifyEvents(this.#buffer.subarray(0, count), (raw) => this.#onEvent(raw));
      else if (count !== -EAGAIN) {
        this.#options.fail(new SystemError({ errno: count, syscall: 'read' }));
        return;
      }
      // The kernel returns as many events as fit: what leaves room for the longest has emptied its queue.
      if (wanted - count >= INOTIFY_EVENT_MAX_BYTES) {
        this.#options.table.queueEmptied();
        return;
      }
    }
  }

  #onEvent(raw: RawInotifyEvent): void {
    if (this.#watch.isClosed) return;
    const { table, deliver } = this.#options;
    const owner = raw.wd === -1 ? undefined : table.ownerOf(raw.wd);
    if ((raw.mask & IN_IGNORED) !== 0) table.ignored(raw.wd);
    if (raw.wd !== -1 && (owner === undefined || owner.isRemoved)) return;
    try {
      deliver(new InotifyEvent(raw, owner));
    } catch (error) {
      // One subscriber's exception must not cost the others their events: it comes up after them, as uncaught.
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
