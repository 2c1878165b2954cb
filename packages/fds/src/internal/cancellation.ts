import { SystemError } from '@osx/errors';

/** The longest delay that a timer of Node takes; a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** One operation's end before its time: by the caller's signal, its timeout, or the close of its descriptor. */
export class Cancellation {
  readonly syscall: string;
  #cancelled = false;
  #reason: unknown;
  #listener: ((reason: unknown) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.cancel(this.#signal?.reason);

  constructor(syscall: string, signal: AbortSignal | undefined, timeoutMs: number | undefined) {
    this.syscall = syscall;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort);
    if (timeoutMs !== undefined) this.#startTimer(performance.now() + timeoutMs);
  }

  cancel(reason: unknown): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#reason = reason;
    this.#listener?.(reason);
  }

  throwIfCancelled(): void {
    if (this.#cancelled) throw this.#reason;
  }

  /** Resolves as `start` tells, or rejects at the cancellation after `stop`. */
  wait(start: (resolve: () => void, reject: (reason: unknown) => void) => void, stop: () => void): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.throwIfCancelled();
      this.#listener = (reason) => {
        stop();
        reject(reason as Error);
      };
      start(
        () => {
          this.#listener = undefined;
          resolve();
        },
        (reason) => {
          this.#listener = undefined;
          reject(reason as Error);
        },
      );
    });
  }

  finish(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    clearTimeout(this.#timer);
  }

  #startTimer(deadline: number): void {
    const remaining = Math.max(0, deadline - performance.now());
    this.#timer = setTimeout(
      () => {
        if (performance.now() < deadline) return this.#startTimer(deadline);
        // After a blocked event loop the timer comes before the descriptor's readiness: let the loop see both.
        setImmediate(() => this.cancel(new SystemError({ code: 'ETIMEDOUT', syscall: this.syscall })));
      },
      Math.min(Math.ceil(remaining), LONGEST_DELAY_MS),
    );
  }
}
