import { abortReason } from '@osx/errors';

import type { SignalIterator } from '../iterate-signals.ts';
import { keepAlive } from './keep-alive.ts';
import { receiversFor, Subscription } from './subscription.ts';

type Result = IteratorResult<string, undefined>;

const DONE = { done: true, value: undefined } as const;

/** Signals that came and were not taken, and those who wait for more; never both. */
export class SignalQueue implements SignalIterator {
  readonly #queued = new Set<string>();
  readonly #waiting: PromiseWithResolvers<Result>[] = [];
  readonly #subscription: Subscription;
  readonly #signal: AbortSignal | undefined;
  #letGo: (() => void) | undefined;
  /** The abort, until somebody was told. */
  #failure: { reason: unknown } | undefined;

  constructor(numbers: readonly number[], signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#subscription = new Subscription(
      'handler',
      receiversFor(numbers, (name) => this.#receive(name)),
      { signal },
    );
    if (signal?.aborted === true) this.#failure = { reason: abortReason(signal) };
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  async next(): Promise<Result> {
    const [name] = this.#queued;
    if (name !== undefined) {
      this.#queued.delete(name);
      return { done: false, value: name };
    }
    if (this.#failure !== undefined) {
      const { reason } = this.#failure;
      this.#failure = undefined;
      throw reason;
    }
    if (this.#subscription.isClosed) return DONE;
    const waiter = Promise.withResolvers<Result>();
    this.#waiting.push(waiter);
    this.#letGo ??= keepAlive();
    return waiter.promise;
  }

  close(): void {
    this.#failure = undefined;
    this.#end();
    for (const waiter of this.#waiting.splice(0)) waiter.resolve(DONE);
  }

  async return(): Promise<Result> {
    this.close();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  #receive(name: string): void {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#queued.add(name);
    else waiter.resolve({ done: false, value: name });
    if (this.#waiting.length === 0) this.#rest();
  }

  /** The first that waits is told why, those behind it that it is over. */
  readonly #onAbort = (): void => {
    this.#failure = { reason: abortReason(this.#signal as AbortSignal) };
    this.#end();
    const first = this.#waiting.shift();
    if (first === undefined) return;
    first.reject(this.#failure.reason);
    this.close();
  };

  #end(): void {
    this.#queued.clear();
    this.#rest();
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#subscription.close();
  }

  #rest(): void {
    this.#letGo?.();
    this.#letGo = undefined;
  }
}
