import { watchFd, type FdWatch } from '@osx/native-ffi';

import type { Cancellation } from './cancellation.ts';

export type Direction = 'read' | 'write';

/**
 * The waits of one descriptor, at most one reader and one writer at a time, on one watch: it is made at the first wait
 * and paused in between, which spares a duplicate and a handle for each wait.
 */
export class Readiness {
  readonly #number: number;
  #watch: FdWatch | undefined;
  readonly #waiters: Record<Direction, (() => void) | undefined> = { read: undefined, write: undefined };

  constructor(number: number) {
    this.#number = number;
  }

  wait(direction: Direction, cancellation: Cancellation): Promise<void> {
    return cancellation.wait(
      (resolve) => {
        this.#waiters[direction] = resolve;
        try {
          this.#watch ??= watchFd(this.#number, {}, (ready) => {
            if (ready.readable) this.#wake('read');
            if (ready.writable) this.#wake('write');
          });
        } catch (error) {
          this.#waiters[direction] = undefined;
          throw error;
        }
        this.#update();
      },
      () => {
        this.#waiters[direction] = undefined;
        this.#update();
      },
    );
  }

  close(): void {
    this.#watch?.close();
  }

  #wake(direction: Direction): void {
    const waiter = this.#waiters[direction];
    this.#waiters[direction] = undefined;
    this.#update();
    waiter?.();
  }

  #update(): void {
    this.#watch?.update({
      readable: this.#waiters.read !== undefined,
      writable: this.#waiters.write !== undefined,
    });
  }
}
