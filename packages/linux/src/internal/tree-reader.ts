import { SystemError } from '@osx/errors';
import { watchFd } from '@osx/native-ffi';
import type { FdWatch } from '@osx/native-ffi';

import { EAGAIN } from './errno-numbers.ts';
import { inotifyRead } from './inotify-calls.ts';
import { INOTIFY_EVENT_HEADER_BYTES, INOTIFY_EVENT_MAX_BYTES } from './parse-inotify-events.ts';
import { readSysctl } from './read-sysctl.ts';

const BUFFER_BYTES = 65_536;
const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** `name` is a byte string; '' when the event is about the watched directory itself. */
export type VisitTreeEvent = (wd: number, mask: number, cookie: number, name: string) => void;

/** Reads an inotify descriptor without making an object of each event, and knows when all of its queue was read. */
export class TreeReader {
  readonly #fd: number;
  readonly #watch: FdWatch;
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  readonly #words = new DataView(this.#buffer.buffer, this.#buffer.byteOffset, BUFFER_BYTES);
  /** What the kernel's queue can hold at most. */
  readonly #queueCapacity: number;
  #eventsSinceWrap = 0;

  constructor(fd: number, onReadable: () => void) {
    this.#fd = fd;
    this.#queueCapacity = Number(/\d+/.exec(readSysctl('fs.inotify.max_queued_events'))?.[0] ?? 16_384) + 1;
    this.#watch = watchFd(fd, { readable: true }, onReadable);
  }

  ref(): void {
    this.#watch.ref();
  }

  unref(): void {
    this.#watch.unref();
  }

  pause(): void {
    this.#watch.update({});
  }

  resume(): void {
    this.#watch.update({ readable: true });
  }

  close(): void {
    this.#watch.close();
  }

  /**
   * Reads once.
   *
   * @returns true when all events that waited before were visited: the queue was empty, or as many were read as it holds.
   */
  read(visit: VisitTreeEvent): boolean {
    const count = inotifyRead(this.#fd, this.#buffer, BUFFER_BYTES);
    if (count < 0 && count !== -EAGAIN) throw new SystemError({ errno: count, syscall: 'read' });
    if (count > 0) this.#visitEvents(count, visit);
    // The kernel returns as many events as fit: what leaves room for the longest has emptied its queue.
    if (BUFFER_BYTES - count < INOTIFY_EVENT_MAX_BYTES && this.#eventsSinceWrap < this.#queueCapacity) return false;
    this.#eventsSinceWrap = 0;
    return true;
  }

  #visitEvents(count: number, visit: VisitTreeEvent): void {
    const words = this.#words;
    let offset = 0;
    while (offset < count) {
      const start = offset + INOTIFY_EVENT_HEADER_BYTES;
      const next = start + words.getUint32(offset + 12, HOST_IS_LITTLE_ENDIAN);
      let end = next;
      while (end > start && this.#buffer[end - 1] === 0) end -= 1;
      this.#eventsSinceWrap += 1;
      visit(
        words.getInt32(offset, HOST_IS_LITTLE_ENDIAN),
        words.getUint32(offset + 4, HOST_IS_LITTLE_ENDIAN),
        words.getUint32(offset + 8, HOST_IS_LITTLE_ENDIAN),
        end === start ? '' : this.#buffer.toString('latin1', start, end),
      );
      offset = next;
    }
  }
}
