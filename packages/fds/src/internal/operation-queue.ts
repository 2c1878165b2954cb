import type { Cancellation } from './cancellation.ts';

/** Runs operations one after the other, in the order in which they were asked for. */
export class OperationQueue {
  #isBusy = false;
  /** Starters of the operations that wait for their turn; a Set keeps their order and lets any of them leave. */
  readonly #waiting = new Set<() => void>();

  async run<T>(cancellation: Cancellation, operation: () => Promise<T>): Promise<T> {
    if (this.#isBusy) await this.#turn(cancellation);
    this.#isBusy = true;
    try {
      return await operation();
    } finally {
      this.#startNext();
    }
  }

  #turn(cancellation: Cancellation): Promise<void> {
    let starter: () => void;
    return cancellation.wait(
      (resolve) => {
        starter = resolve;
        this.#waiting.add(starter);
      },
      () => this.#waiting.delete(starter),
    );
  }

  /** The next one starts in a microtask: the queue stays busy for it, so that no newcomer slips in between. */
  #startNext(): void {
    const [starter] = this.#waiting;
    if (starter === undefined) {
      this.#isBusy = false;
      return;
    }
    this.#waiting.delete(starter);
    starter();
  }
}
