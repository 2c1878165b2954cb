import { watchFd } from '@osx/native-ffi';
import type { FdWatch, WatchEvents } from '@osx/native-ffi';

import { WaitLimits, type WaitOptions } from './wait-limits.ts';

interface Waiter {
  resolve(): void;
  reject(reason: Error): void;
}

/**
 * Any number of waits for one state of a descriptor that, once there, stays. They share one watch of the event loop, which
 * exists only while somebody waits; or, where waits come again and again, to the end, paused in between.
 */
export class DescriptorWait {
  readonly #fd: number;
  readonly #events: WatchEvents;
  readonly #keepsWatch: boolean;
  readonly #waiters = new Set<Waiter>();
  readonly #limits = new WaitLimits();
  #watch: FdWatch | undefined;
  #isReferenced = true;

  constructor(fd: number, events: WatchEvents, { keepsWatch = false }: { keepsWatch?: boolean } = {}) {
    this.#fd = fd;
    this.#events = events;
    this.#keepsWatch = keepsWatch;
  }

  wait(options: WaitOptions): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      if (this.#watch === undefined) this.#watch = this.#startWatch();
      else if (this.#waiters.size === 0) this.#watch.update(this.#events);
      const settle = (then: () => void): void => {
        lift();
        this.#waiters.delete(waiter);
        if (this.#waiters.size === 0) this.#pauseWatch();
        then();
      };
      const waiter: Waiter = {
        resolve: () => settle(resolve),
        reject: (reason) => settle(() => reject(reason)),
      };
      const lift = this.#limits.set(options, (reason) => waiter.reject(reason));
      this.#waiters.add(waiter);
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

  /** Rejects every wait. */
  close(reason: Error): void {
    for (const waiter of this.#waiters) waiter.reject(reason);
    this.#stopWatch();
  }

  #startWatch(): FdWatch {
    const watch = watchFd(this.#fd, this.#events, () => {
      for (const waiter of this.#waiters) waiter.resolve();
    });
    if (!this.#isReferenced) watch.unref();
    return watch;
  }

  #pauseWatch(): void {
    if (this.#keepsWatch) this.#watch?.update({});
    else this.#stopWatch();
  }

  #stopWatch(): void {
    this.#watch?.close();
    this.#watch = undefined;
  }
}
