import { SystemError, throwIfAborted } from '@osx/errors';

import type { WaitOptions } from '../wait-options.ts';
import type { Readiness } from './readiness.ts';
import { shareTheLoop } from './turn-of-the-loop.ts';

/** How many waiting operations are served before the event loop turns. */
const SERVED_PER_TURN = 64;

/** Tries once: the result, or undefined when it would wait. `hasWaited`: readiness was told before. */
export type Attempt<T> = (hasWaited: boolean) => T | undefined;

interface Waiting {
  readonly syscall: string;
  readonly timer: NodeJS.Timeout | undefined;
  /** False when it would still wait. */
  attempt(): boolean;
  fail(reason: Error): void;
}

/** Operations of one kind on one socket, in the order of their calls: nobody overtakes one that waits. */
export class OperationQueue {
  readonly #waiting = new Set<Waiting>();
  readonly #readiness: Readiness;
  readonly #onIdle: () => void;
  #isReferenced = true;

  /** @param onIdle Called when the last one that waited has gone. */
  constructor(readiness: Readiness, onIdle: () => void = () => {}) {
    this.#readiness = readiness;
    this.#onIdle = onIdle;
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0;
  }

  async run<T>(syscall: string, attempt: Attempt<T>, options: WaitOptions): Promise<T> {
    throwIfAborted(options.signal);
    if (this.isIdle) {
      const result = attempt(false);
      if (result !== undefined) {
        await shareTheLoop();
        return result;
      }
    }
    return await this.#wait(syscall, attempt, options);
  }

  ref(): void {
    this.#isReferenced = true;
    this.#readiness.ref();
    for (const { timer } of this.#waiting) timer?.ref();
  }

  unref(): void {
    this.#isReferenced = false;
    this.#readiness.unref();
    for (const { timer } of this.#waiting) timer?.unref();
  }

  /** Ends all that wait. */
  close(reason: (syscall: string) => Error): void {
    for (const waiting of this.#waiting) waiting.fail(reason(waiting.syscall));
    this.#readiness.close();
  }

  #wait<T>(syscall: string, attempt: Attempt<T>, { signal, timeoutMs }: WaitOptions): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#waiting.delete(waiting);
      };
      const fail = (reason: Error): void => {
        if (!this.#waiting.has(waiting)) return;
        leave();
        reject(reason);
        this.#rest();
      };
      const onAbort = (): void => fail(signal?.reason as Error);
      const onTimeout = (): void => fail(new SystemError({ code: 'ETIMEDOUT', syscall }));
      // After a blocked event loop the timer comes before the descriptor's readiness: let the loop see both.
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => setImmediate(onTimeout), timeoutMs);
      if (!this.#isReferenced) timer?.unref();
      const waiting: Waiting = {
        syscall,
        timer,
        attempt() {
          const result = attempt(true);
          if (result === undefined) return false;
          leave();
          resolve(result);
          return true;
        },
        fail,
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiting);
      if (this.#waiting.size === 1) this.#arm();
    });
  }

  readonly #serve = (): void => {
    let served = 0;
    for (const waiting of this.#waiting) {
      try {
        if (!waiting.attempt()) break;
      } catch (error) {
        waiting.fail(error as Error);
      }
      served += 1;
      if (served === SERVED_PER_TURN) break;
    }
    if (this.isIdle) this.#rest();
    else this.#arm();
  };

  #arm(): void {
    try {
      this.#readiness.arm(this.#serve);
    } catch (error) {
      for (const waiting of this.#waiting) waiting.fail(error as Error);
    }
  }

  #rest(): void {
    if (!this.isIdle) return;
    this.#readiness.disarm();
    this.#onIdle();
  }
}
