import type { DescriptorReader, ReadWaiter } from './descriptor-reader.ts';

type Result<T> = IteratorResult<T, undefined>;

const DONE = { done: true, value: undefined } as const;

export interface ReadIteratorOptions {
  readonly signal?: AbortSignal | undefined;
  readonly isClosed: () => boolean;
  /** Called once, when the iteration is over for whatever reason. */
  readonly onEnd?: () => void;
}

/**
 * An iterator over what a descriptor has to read. Not a generator: `return()` of a generator waits for its pending
 * `next()`, which here may never come.
 */
export class ReadIterator<T> implements AsyncIterableIterator<T, undefined, undefined> {
  readonly #reader: DescriptorReader<T>;
  readonly #options: ReadIteratorOptions;
  readonly #pending = new Map<ReadWaiter<T>, (result: Result<T> | Promise<Result<T>>) => void>();
  #isDone = false;

  constructor(reader: DescriptorReader<T>, options: ReadIteratorOptions) {
    this.#reader = reader;
    this.#options = options;
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  async next(): Promise<Result<T>> {
    if (this.#isDone) return DONE;
    const { signal, isClosed } = this.#options;
    if (signal?.aborted === true) {
      this.#finish();
      throw signal.reason;
    }
    if (isClosed()) {
      this.#finish();
      return DONE;
    }
    try {
      const value = this.#reader.readNow();
      return value === null ? await this.#wait() : { done: false, value };
    } catch (error) {
      this.#finish();
      throw error;
    }
  }

  async return(): Promise<Result<T>> {
    this.#finish();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#finish();
  }

  #wait(): Promise<Result<T>> {
    return new Promise<Result<T>>((resolve) => {
      const waiter: ReadWaiter<T> = {
        take: (value) => this.#settle(waiter, { done: false, value }),
        fail: (error) => this.#settle(waiter, Promise.reject(error)),
        closed: () => {
          this.#settle(waiter, DONE);
          this.#finish();
        },
      };
      this.#reader.wait(waiter);
      this.#pending.set(waiter, resolve);
    });
  }

  #settle(waiter: ReadWaiter<T>, result: Result<T> | Promise<Result<T>>): void {
    const resolve = this.#pending.get(waiter);
    this.#pending.delete(waiter);
    resolve?.(result);
  }

  readonly #onAbort = (): void => {
    const [first] = this.#pending.keys();
    if (first === undefined) return;
    this.#reader.stopWaiting(first);
    this.#settle(first, Promise.reject(this.#options.signal?.reason as Error));
    this.#finish();
  };

  #finish(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    for (const waiter of this.#pending.keys()) {
      this.#reader.stopWaiting(waiter);
      this.#settle(waiter, DONE);
    }
    this.#options.onEnd?.();
  }
}
