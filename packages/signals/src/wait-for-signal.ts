import { abortReason, checkAbortSignal, checkOptions, checkTimeoutMs, SystemError, throwIfAborted } from '@osx/errors';

import { checkHandleable } from './internal/check-handleable.ts';
import { keepAlive } from './internal/keep-alive.ts';
import { nameOf } from './internal/signal-names.ts';
import { receiversFor, Subscription } from './internal/subscription.ts';

/** How long to wait for a signal. */
export interface WaitForSignalOptions {
  /** Ends the wait, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; default: no limit. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Waits until one of the signals comes, and keeps the process alive so long, without polling and without a thread.
 *
 * A signal that comes after the call is not missed, and none that came before it counts. Other handlers and scopes get the
 * signal as well.
 *
 * **Platform** as {@link onSignal}.
 *
 * **Gotchas** In a loop it misses what comes between two calls: use {@link iterateSignals}.
 *
 * @param signals Names or numbers, as `parseSignal` takes them.
 * @returns The canonical name of the signal that came first.
 * @throws {SystemError} `ETIMEDOUT`.
 * @throws the signal's reason, when aborted.
 * @throws what {@link onSignal} throws, as a rejection.
 * @example
 * ```ts
 * import { waitForSignal } from '@osx/signals';
 *
 * const coming = waitForSignal('SIGUSR2', { timeoutMs: 60_000 });
 * process.kill(process.pid, 'SIGUSR2');
 * console.log(await coming); // SIGUSR2
 * ```
 * @see https://man7.org/linux/man-pages/man2/sigwaitinfo.2.html
 */
export async function waitForSignal(
  signals: string | number | readonly (string | number)[],
  options?: WaitForSignalOptions,
): Promise<string> {
  const given = checkOptions('options', options) as WaitForSignalOptions;
  const signal = checkAbortSignal('options.signal', given.signal);
  const timeoutMs = checkTimeoutMs('options.timeoutMs', given.timeoutMs);
  const numbers = checkHandleable('signals', signals);
  throwIfAborted(signal);

  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const subscription = new Subscription('handler', receiversFor(numbers, resolve));
  const letGo = keepAlive();
  const onAbort = (): void => reject(abortReason(signal as AbortSignal));
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => reject(timedOut(numbers, timeoutMs)), timeoutMs);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    letGo();
    subscription.close();
  }
}

function timedOut(numbers: readonly number[], timeoutMs: number): SystemError {
  return new SystemError({
    code: 'ETIMEDOUT',
    syscall: 'sigtimedwait',
    message: `no ${numbers.map((number) => nameOf(number)).join(' or ')} came within ${timeoutMs} ms`,
  });
}
