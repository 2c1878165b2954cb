import { checkAbortSignal, checkOptions } from '@osx/errors';

import { checkHandleable } from './internal/check-handleable.ts';
import { SignalQueue } from './internal/signal-queue.ts';

/** What ends an iteration from outside. */
export interface IterateSignalsOptions {
  /** Aborted, the iteration throws the signal's reason, once. */
  readonly signal?: AbortSignal | undefined;
}

/** Signals as they come; `return()`, `close()` and the end of a `for await` or `using` end it. */
export interface SignalIterator extends AsyncIterableIterator<string, undefined, undefined>, Disposable {
  /** Idempotent. What is queued is dropped, and a pending `next()` is done. */
  close(): void;
  return(): Promise<IteratorResult<string, undefined>>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * The names of signals in order of arrival, from this call on, for `for await`.
 *
 * Each signal is queued at most once until it is taken, so the queue is bounded, and what came after the last `next()` is
 * never lost. Other handlers and scopes get the signals as well. A pending `next()` keeps the process alive.
 *
 * **Platform** as {@link onSignal}.
 *
 * @param signals Names or numbers, as `parseSignal` takes them.
 * @returns The iterator, listening already; end it.
 * @throws what {@link onSignal} throws, at this call.
 * @example
 * ```ts
 * import { iterateSignals } from '@osx/signals';
 *
 * using coming = iterateSignals(['SIGHUP', 'SIGUSR2']);
 * process.kill(process.pid, 'SIGHUP');
 * for await (const name of coming) {
 *   console.log(name); // SIGHUP
 *   break;
 * }
 * ```
 */
export function iterateSignals(
  signals: string | number | readonly (string | number)[],
  options?: IterateSignalsOptions,
): SignalIterator {
  const { signal } = checkOptions('options', options) as IterateSignalsOptions;
  const abortSignal = checkAbortSignal('options.signal', signal);
  return new SignalQueue(checkHandleable('signals', signals), abortSignal);
}
