import type { EventQueue, EventWaiter } from './event-queue.ts';

type Result<Event> = IteratorResult<Event, undefined>;

const DONE: Result<never> = { done: true, value: undefined };

/**
 * An iterator over a queue of events. Not a generator: `return()` of a generator waits for its pending `next()`, which
 * here may never come.
 */
export class EventIterator<Event> implements AsyncIterableIterator<Event, undefined, undefined> {
  readonly #queue: EventQueue<Event>;
  readonly #signal: AbortSignal | undefined;
  readonly #pending = new Map<EventWaiter<Event>, (result: Result<Event> | Promise<Result<Event>>) => void>();
  #isDone = false;

  constructor(queue: EventQueue<Event>, signal: AbortSignal | undefined) {
    this.#queue = queue;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  next(): Promise<Result<Event>> {
    if (this.#isDone) return Promise.resolve(DONE);
    if (this.#signal?.aborted === true) {
      this.#finish();
      return Promise.reject(this.#signal.reason as Error);
    }
    const value = this.#queue.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (!this.#queue.isEnded) return this.#waitForEvent();
    const error = this.#queue.takeError();
    this.#finish();
    return error === undefined ? Promise.resolve(DONE) : Promise.reject(error);
  }

  return(): Promise<Result<Event>> {
    this.#finish();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #waitForEvent(): Promise<Result<Event>> {
    return new Promise<Result<Event>>((resolve) => {
      const waiter: EventWaiter<Event> = {
        take: (value) => this.#settle(waiter, { done: false, value }),
        end: (error) => {
          this.#settle(waiter, error === undefined ? DONE : Promise.reject(error));
          this.#finish();
        },
      };
      this.#pending.set(waiter, resolve);
      this.#queue.wait(waiter);
    });
  }

  #settle(waiter: EventWaiter<Event>, result: Result<Event> | Promise<Result<Event>>): void {
    const resolve = this.#pending.get(waiter);
    this.#pending.delete(waiter);
    resolve?.(result);
  }

  readonly #onAbort = (): void => {
    const [first] = this.#pending.keys();
    if (first === undefined) return;
    this.#queue.stopWaiting(first);
    this.#settle(first, Promise.reject(this.#signal?.reason as Error));
    this.#finish();
  };

  #finish(): void {
    this.#isDone = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    for (const waiter of this.#pending.keys()) {
      this.#queue.stopWaiting(waiter);
      this.#settle(waiter, DONE);
    }
  }
}
