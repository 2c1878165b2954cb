import { watchFd, type FdWatch, type WatchEvents } from '@osx/native-ffi';

/** What tells that an operation may succeed now. One `arm` at a time; it calls back, perhaps again, until `disarm`. */
export interface Readiness {
  arm(onReady: () => void): void;
  disarm(): void;
  ref(): void;
  unref(): void;
  close(): void;
}

/** A descriptor's own readiness. The watch is made at the first wait and paused in between. */
export class FdReadiness implements Readiness {
  readonly #fd: number;
  readonly #events: WatchEvents;
  #watch: FdWatch | undefined;
  #onReady: (() => void) | undefined;
  #isReferenced = true;

  constructor(fd: number, events: WatchEvents) {
    this.#fd = fd;
    this.#events = events;
  }

  arm(onReady: () => void): void {
    if (this.#watch === undefined) {
      this.#watch = watchFd(this.#fd, {}, () => this.#onReady?.());
      if (!this.#isReferenced) this.#watch.unref();
    }
    const isArmed = this.#onReady !== undefined;
    this.#onReady = onReady;
    if (isArmed) return;
    this.#watch.update(this.#events);
  }

  disarm(): void {
    if (this.#onReady === undefined) return;
    this.#onReady = undefined;
    this.#watch?.update({});
  }

  ref(): void {
    this.#isReferenced = true;
    this.#watch?.ref();
  }

  unref(): void {
    this.#isReferenced = false;
    this.#watch?.unref();
  }

  close(): void {
    this.#onReady = undefined;
    this.#watch?.close();
    this.#watch = undefined;
  }
}
