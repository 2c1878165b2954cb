import type { TimerFd } from './timer-fd.ts';
import type { TimerClock, TimerTime } from './timer-setting.ts';

/** Options of {@link everyInterval}. */
export interface IntervalOptions {
  /** What it is counted on. Default `'monotonic'`; `'boottime'` also counts the time that the machine sleeps. */
  clock?: TimerClock | undefined;
  /** When the first tick comes; 0: at once. Default: after one period. */
  first?: TimerTime | undefined;
  /** Ends the iteration: `next()` rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** One step of an {@link Interval}. */
export interface IntervalTick {
  /** Periods that ended since the last tick: 1, or more when the loop's body or the event loop took longer. */
  readonly expirations: number;
  /** Periods that ended since the start. */
  readonly total: number;
}

const DONE = { done: true, value: undefined } as const;

/** Made by {@link everyInterval}. */
export class Interval implements AsyncIterableIterator<IntervalTick, undefined, undefined>, Disposable {
  readonly #timer: TimerFd;
  readonly #signal: AbortSignal | undefined;
  #total = 0;
  #abort: { readonly reason: unknown } | undefined;

  /** @internal */
  constructor(timer: TimerFd, signal: AbortSignal | undefined) {
    this.#timer = timer;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get isClosed(): boolean {
    return this.#timer.isClosed;
  }

  /** Resolves at the next tick, at once when one has passed unread. */
  async next(): Promise<IteratorResult<IntervalTick, undefined>> {
    if (this.isClosed) return this.#end();
    try {
      const expirations = Number(await this.#timer.read());
      this.#total += expirations;
      return { done: false, value: { expirations, total: this.#total } };
    } catch (error) {
      if (this.isClosed) return this.#end();
      this.close();
      throw error;
    }
  }

  /** Closes the interval: what leaving a `for await` loop does. */
  async return(): Promise<IteratorResult<IntervalTick, undefined>> {
    this.close();
    return DONE;
  }

  /** Keeps Node running while a tick is waited for (the default). */
  ref(): this {
    this.#timer.ref();
    return this;
  }

  /** Lets Node end although a tick is waited for. */
  unref(): this {
    this.#timer.unref();
    return this;
  }

  /** Stops the timer and gives its descriptor back; the iteration ends. Idempotent. */
  close(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#timer.close();
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

  readonly #onAbort = (): void => {
    this.#abort = { reason: this.#signal?.reason };
    this.#timer.close();
  };

  /** The reason of an abort is told once, to whoever asks first. */
  #end(): typeof DONE {
    const abort = this.#abort;
    this.#abort = undefined;
    if (abort !== undefined) throw abort.reason;
    return DONE;
  }
}
