import { closeSync } from 'node:fs';

import { SystemError } from '@osx/errors';
import { watchFd } from '@osx/native-ffi';
import type { FdWatch } from '@osx/native-ffi';

import { EPOLLET, EPOLLOUT } from '../epoll/constants.ts';
import { EpollBatch } from './epoll-batch.ts';
import { addToEpoll, openEpollFd } from './epoll-calls.ts';
import { writeEventfd } from './eventfd-calls.ts';
import { WaitLimits, type WaitOptions } from './wait-limits.ts';

interface Writer {
  readonly value: bigint;
  done(): void;
  fail(reason: Error): void;
}

/**
 * The writes that wait for room, served in the order in which they asked. An eventfd is writable as soon as there is room
 * for 1: whoever waits for more by that state would spin. So an epoll is asked for edges: each read of the eventfd is one.
 */
export class EventfdWriters {
  readonly #fd: number;
  readonly #writers = new Set<Writer>();
  readonly #limits = new WaitLimits();
  readonly #batch = new EpollBatch();
  #edges: number | undefined;
  #watch: FdWatch | undefined;
  #isReferenced = true;

  constructor(fd: number) {
    this.#fd = fd;
  }

  async write(value: bigint, options: WaitOptions): Promise<void> {
    if (this.#writers.size === 0 && writeEventfd(this.#fd, value)) return;
    await new Promise<void>((resolve, reject) => {
      const settle = (then: () => void): void => {
        lift();
        this.#writers.delete(writer);
        then();
      };
      const writer: Writer = {
        value,
        done: () => settle(resolve),
        fail: (reason) => settle(() => reject(reason)),
      };
      this.#startWatch();
      const lift = this.#limits.set(options, (reason) => {
        writer.fail(reason);
        // It may have stood before one that asks for less.
        this.#serve();
      });
      this.#writers.add(writer);
    });
  }

  ref(): void {
    this.#isReferenced = true;
    this.#watch?.ref();
    this.#limits.ref();
  }

  unref(): void {
    this.#isReferenced = false;
    this.#watch?.unref();
    this.#limits.unref();
  }

  close(reason: Error): void {
    for (const writer of this.#writers) writer.fail(reason);
    this.#stopWatch();
  }

  #serve(): void {
    for (const writer of this.#writers) {
      try {
        if (!writeEventfd(this.#fd, writer.value)) return;
        writer.done();
      } catch (error) {
        writer.fail(error as Error);
      }
    }
    this.#stopWatch();
  }

  #startWatch(): void {
    if (this.#watch !== undefined) return;
    const edges = openEpollFd();
    try {
      const added = addToEpoll(edges, this.#fd, (EPOLLOUT | EPOLLET) >>> 0, 0);
      if (added < 0) throw new SystemError({ errno: added, syscall: 'epoll_ctl' });
      this.#watch = watchFd(edges, { readable: true }, () => {
        this.#batch.take(edges, 1, () => {});
        this.#serve();
      });
    } catch (error) {
      closeSync(edges);
      throw error;
    }
    this.#edges = edges;
    if (!this.#isReferenced) this.#watch.unref();
  }

  #stopWatch(): void {
    this.#watch?.close();
    this.#watch = undefined;
    if (this.#edges !== undefined) closeSync(this.#edges);
    this.#edges = undefined;
  }
}
