import { watchFd } from '@osx/native-ffi';
import type { FdWatch } from '@osx/native-ffi';

import { WaitLimits, type WaitOptions } from './wait-limits.ts';

/** What waits for the next thing that is read. */
export interface ReadWaiter<T> {
  take(value: T): void;
  fail(error: Error): void;
  closed(reason: Error): void;
}

/** Reads in a row that do without the event loop: a loop over a flood must leave turns to others. */
const READS_PER_TURN = 64;

/**
 * Any number of readers of one non-blocking descriptor, served in the order in which they asked. Nothing is read that
 * nobody asked for. They share one watch of the event loop, which is armed only while somebody waits.
 */
export class DescriptorReader<T> {
  readonly #fd: number;
  readonly #attempt: () => T | null;
  readonly #waiters = new Set<ReadWaiter<T>>();
  readonly #limits = new WaitLimits();
  #watch: FdWatch | undefined;
  readonly #isReadinessOfThread: boolean;
  #immediate: NodeJS.Immediate | undefined;
  #isReferenced = true;
  #readsInTurn = 0;

  /**
   * @param fd Stays the caller's to close, after `close()` here.
   * @param attempt Reads once: null when there is nothing to read.
   * @param options `isReadinessOfThread`: whether it is readable depends on the thread that asks, as with a signalfd.
   */
  constructor(fd: number, attempt: () => T | null, options: { isReadinessOfThread?: boolean } = {}) {
    this.#fd = fd;
    this.#attempt = attempt;
    this.#isReadinessOfThread = options.isReadinessOfThread ?? false;
  }

  /** What can be read at once; null when there is nothing, others wait before, or it is the event loop's turn. */
  readNow(): T | null {
    if (this.#waiters.size > 0 || this.#readsInTurn >= READS_PER_TURN) return null;
    this.#readsInTurn += 1;
    return this.#attempt();
  }

  async read(options: WaitOptions): Promise<T> {
    const value = this.readNow();
    if (value !== null) return value;
    return await new Promise<T>((resolve, reject) => {
      const settle = (then: () => void): void => {
        lift();
        then();
      };
      const waiter: ReadWaiter<T> = {
        take: (taken) => settle(() => resolve(taken)),
        fail: (error) => settle(() => reject(error)),
        closed: (reason) => settle(() => reject(reason)),
      };
      this.wait(waiter);
      const lift = this.#limits.set(options, (reason) => {
        this.stopWaiting(waiter);
        waiter.fail(reason);
      });
    });
  }

  wait(waiter: ReadWaiter<T>): void {
    if (this.#waiters.size === 0) this.#lookOnceArmed();
    if (this.#watch === undefined) {
      this.#watch = watchFd(this.#fd, { readable: true }, () => this.#onReadable());
      if (!this.#isReferenced) this.#watch.unref();
    } else if (this.#waiters.size === 0) {
      this.#watch.update({ readable: true });
    }
    this.#waiters.add(waiter);
  }

  stopWaiting(waiter: ReadWaiter<T>): void {
    this.#waiters.delete(waiter);
    this.#pauseIfIdle();
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
    clearImmediate(this.#immediate);
    this.#watch?.close();
    this.#watch = undefined;
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) waiter.closed(reason);
  }

  /**
   * libuv may have a thread of io_uring add the descriptor to the loop's epoll (seen under load, on Node 24): that thread
   * finds no signal of ours, and one that waits already would never be told. In the check phase of the turn the
   * descriptor has been added, and this thread looks for itself.
   */
  #lookOnceArmed(): void {
    if (!this.#isReadinessOfThread || this.#immediate !== undefined) return;
    this.#immediate = setImmediate(() => {
      this.#immediate = undefined;
      if (this.#waiters.size > 0) this.#onReadable();
    });
    if (!this.#isReferenced) this.#immediate.unref();
  }

  #onReadable(): void {
    this.#readsInTurn = 0;
    for (const waiter of this.#waiters) {
      let value: T | null;
      try {
        value = this.#attempt();
      } catch (error) {
        this.#waiters.delete(waiter);
        waiter.fail(error as Error);
        break;
      }
      if (value === null) break;
      this.#waiters.delete(waiter);
      waiter.take(value);
    }
    this.#pauseIfIdle();
  }

  #pauseIfIdle(): void {
    if (this.#waiters.size === 0) this.#watch?.update({});
  }
}
