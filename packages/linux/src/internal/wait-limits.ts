import { SystemError } from '@osx/errors';

/** How long a wait may take. */
export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/** The time limits and abort signals of any number of waits, whose timers are referenced together. */
export class WaitLimits {
  readonly #timers = new Set<NodeJS.Timeout>();
  #isReferenced = true;

  /**
   * @param giveUp Called when the signal aborts or the time is over.
   * @returns Lifts the limits: for when the wait is over, whichever way.
   */
  set({ signal, timeoutMs }: WaitOptions, giveUp: (reason: Error) => void): () => void {
    const onAbort = (): void => giveUp(signal?.reason as Error);
    const onTimeout = (): void => giveUp(new SystemError({ code: 'ETIMEDOUT', syscall: 'poll' }));
    const timer = timeoutMs === undefined ? undefined : setTimeout(onTimeout, timeoutMs);
    if (timer !== undefined) this.#timers.add(timer);
    if (!this.#isReferenced) timer?.unref();
    signal?.addEventListener('abort', onAbort, { once: true });
    return () => {
      if (timer !== undefined) this.#timers.delete(timer);
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
  }

  ref(): void {
    this.#isReferenced = true;
    for (const timer of this.#timers) timer.ref();
  }

  unref(): void {
    this.#isReferenced = false;
    for (const timer of this.#timers) timer.unref();
  }
}
