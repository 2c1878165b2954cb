import type { EpollEvent } from '../epoll/epoll-event.ts';

type Result = IteratorResult<EpollEvent, undefined>;

const DONE: Result = { done: true, value: undefined };

export interface EpollIteratorSource {
  wait(signal: AbortSignal): Promise<EpollEvent[]>;
  isClosed(): boolean;
  /** Takes events that were taken from the kernel and not handed out. */
  giveBack(events: EpollEvent[]): unknown;
}

/**
 * Events one by one, each looked at again when its turn comes: those whose registration changed meanwhile are dropped. Not
 * a generator: `return()` of a generator waits for its pending `next()`, which here may never come.
 */
export class EpollIterator implements AsyncIterableIterator<EpollEvent, undefined, undefined> {
  readonly #source: EpollIteratorSource;
  readonly #signal: AbortSignal | undefined;
  readonly #end = new AbortController();
  readonly #stop: AbortSignal;
  #last: Promise<unknown> = Promise.resolve();
  #batch: EpollEvent[] = [];
  #at = 0;
  #hasTaken = false;
  #isDone = false;

  constructor(source: EpollIteratorSource, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#signal = signal;
    this.#stop = signal === undefined ? this.#end.signal : AbortSignal.any([signal, this.#end.signal]);
  }

  next(): Promise<Result> {
    const result = this.#last.then(() => this.#next());
    this.#last = result.catch(() => {});
    return result;
  }

  async return(): Promise<Result> {
    this.#finish();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#finish();
  }

  async #next(): Promise<Result> {
    try {
      for (;;) {
        if (this.#isDone) return DONE;
        this.#signal?.throwIfAborted();
        if (this.#source.isClosed()) break;
        const event = this.#shift();
        if (event !== undefined) return { done: false, value: event };
        // What stays ready is reported again and again: others need their turn of the event loop in between.
        if (this.#hasTaken) await new Promise((resolve) => setImmediate(resolve));
        this.#hasTaken = true;
        if (!this.#source.isClosed()) this.#take(await this.#source.wait(this.#stop));
      }
    } catch (error) {
      if (!this.#isDone && (this.#signal?.aborted === true || !this.#source.isClosed())) {
        this.#finish();
        throw error;
      }
    }
    this.#finish();
    return DONE;
  }

  #take(events: EpollEvent[]): void {
    if (this.#isDone) this.#source.giveBack(events);
    this.#batch = events;
    this.#at = 0;
  }

  #shift(): EpollEvent | undefined {
    while (this.#at < this.#batch.length) {
      const event = this.#batch[this.#at];
      this.#at += 1;
      if (event?.isStale === false) return event;
    }
    return undefined;
  }

  #finish(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#source.giveBack(this.#batch.slice(this.#at));
    this.#batch = [];
    this.#end.abort();
  }
}
