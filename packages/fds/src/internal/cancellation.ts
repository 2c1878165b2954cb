import { SystemError } from '@osx/errors';

/** One operation's end before its time: by the caller's signal, its timeout, or the close of its descriptor. */
export class Cancellation {
  readonly syscall: string;
  #cancelled: { readonly reason: Error } | undefined;
  #listener: ((reason: Error) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.cancel(this.#signal?.reason as Error);

  readonly #onTimeout = (): void => this.cancel(new SystemError({ code: 'ETIMEDOUT', syscall: this.syscall }));

  constructor(syscall: string, signal: AbortSignal | undefined, timeoutMs: number | undefined) {
    this.syscall = syscall;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort);
    // After a blocked event loop the timer comes before the descriptor's readiness: let the loop see both.
    if (timeoutMs !== undefined) this.#timer = setTimeout(() => setImmediate(this.#onTimeout), timeoutMs);
  }

  cancel(reason: Error): void {
    if (this.#cancelled !== undefined) return;
    this.#cancelled = { reason };
    this.#listener?.(reason);
  }

  throwIfCancelled(): void {
    if (this.#cancelled !== undefined) throw this.#cancelled.reason;
  }

  /** Resolves as `start` tells, or rejects at the cancellation after `stop`. */
  wait(start: (resolve: () => void) => void, stop: () => void): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.throwIfCancelled();
      this.#listener = (reason) => {
        stop();
        reject(reason);
      };
      start(() => {
        this.#listener = undefined;
        resolve();
      });
    });
  }

  finish(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    clearTimeout(this.#timer);
  }
}
