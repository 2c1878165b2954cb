import { watchFd, type FdWatch } from '@osx/native-ffi';

import type { Cancellation } from './cancellation.ts';

export type Direction = 'read' | 'write';

/**
 * The waits of one descriptor, at most one reader and one writer at a time, on one watch: it is made at the first wait
 * and paused in between, which spares its making for each wait.
 */
export class Readiness {
  readonly #number: number;
  #watch: FdWatch | undefined;
  readonly #waiters: Record<Direction, (() => void) | undefined> = { read: undefined, write: undefined };

  constructor(number: number) {
    this.#number = number;
  }

  /** Resolves when the direction may be ready: try, and wait again after EAGAIN. */
  wait(direction: Direction, cancellation: Cancellation): Promise<void> {
    return cancellation.wait(
      (resolve) => {
        this.#watch ??= watchFd(this.#number, {}, () => this.#wakeAll());
        this.#watch.update({
          readable: direction === 'read' || this.#waiters.read !== undefined,
          writable: direction === 'write' || this.#waiters.write !== undefined,
        });
        this.#waiters[direction] = resolve;
      },
      () => {
        this.#waiters[direction] = undefined;
        this.#pauseIfIdle();
      },
    );
  }

  close(): void {
    this.#watch?.close();
    this.#watch = undefined;
  }

  #wakeAll(): void {
    const { read, write } = this.#waiters;
    this.#waiters.read = undefined;
    this.#waiters.write = undefined;
    this.#pauseIfIdle();
    read?.();
    write?.();
  }

  #pauseIfIdle(): void {
    if (this.#waiters.read === undefined && this.#waiters.write === undefined) this.#watch?.update({});
  }
}
