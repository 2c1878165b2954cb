import { checkBoolean, checkFd, checkFunction, checkOptions } from '@osx/errors';

import { DescriptorWatch } from './internal/descriptor-watch.ts';
import type { Readiness } from './internal/readiness-queue.ts';

export type { Readiness };

/** What to be told of; a direction that is left out is not watched. */
export interface WatchEvents {
  readable?: boolean;
  writable?: boolean;
}

/** A descriptor watched by the event loop. It keeps the process alive until it is closed or `unref()`ed. */
export interface FdWatch {
  readonly isClosed: boolean;
  /** Watches these directions from now on; neither pauses the watch. */
  update(events: WatchEvents): void;
  ref(): this;
  unref(): this;
  /** Ends the watch. Idempotent. No callback comes afterwards. */
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Calls back from the event loop as long as a descriptor is ready, with no thread and no timer.
 *
 * Level-triggered: the callback comes again in every turn of the loop until the state is consumed, paused with
 * `update({})`, or the watch is closed. An error or hang-up counts as ready: the next read or write tells which.
 *
 * **Platform**: Linux (epoll) and Darwin (kqueue, not run), through libuv; main thread, and on Linux Workers.
 *
 * The descriptor's mode is not touched: libuv polls a queue of our own that holds a private duplicate.
 *
 * **Gotchas**: closing `fd` does not end the watch, and the open file description lives on with the duplicate: close the
 * watch too.
 *
 * @param fd A pipe, socket, terminal, inotify, pidfd, eventfd, timerfd, epoll or kqueue descriptor.
 * @returns The watch; close it.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} `EBADF`; `EPERM` for what has no readiness (regular files, directories); `EMFILE`.
 * @throws {UnsupportedError} where koffi or its event loop support is missing.
 * @see https://docs.libuv.org/en/v1.x/poll.html
 */
export function watchFd(fd: number, events: WatchEvents, callback: (ready: Readiness) => void): FdWatch {
  const checkedFd = checkFd('fd', fd);
  const wanted = checkEvents(events);
  checkFunction('callback', callback);

  const descriptorWatch = new DescriptorWatch(checkedFd, callback);
  const watch: FdWatch = {
    get isClosed() {
      return descriptorWatch.isClosed;
    },
    update(next) {
      descriptorWatch.update(checkEvents(next));
    },
    ref() {
      descriptorWatch.ref();
      return watch;
    },
    unref() {
      descriptorWatch.unref();
      return watch;
    },
    close() {
      descriptorWatch.close();
    },
    [Symbol.dispose]() {
      descriptorWatch.close();
    },
  };
  watch.update(wanted);
  return watch;
}

function checkEvents(events: WatchEvents): Readiness {
  const { readable = false, writable = false } = checkOptions('events', events) as WatchEvents;
  return { readable: checkBoolean('events.readable', readable), writable: checkBoolean('events.writable', writable) };
}
