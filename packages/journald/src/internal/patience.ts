import { abortReason, checkAbortSignal, checkTimeoutMs, SystemError, throwIfAborted } from '@osx/errors';

/** What ends waiting early. */
export interface Patience {
  /** Ends the wait: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most, 0 or more; then `ETIMEDOUT`. */
  timeoutMs?: number | undefined;
}

export function checkPatience({ signal, timeoutMs }: Patience): Patience {
  return {
    signal: checkAbortSignal('options.signal', signal),
    timeoutMs: checkTimeoutMs('options.timeoutMs', timeoutMs),
  };
}

/**
 * Waits until `start` calls back.
 *
 * @param start Begins, and returns what gives it up.
 */
export function waitPatiently(
  { signal, timeoutMs }: Patience,
  start: (done: (error: Error | null) => void) => () => void,
): Promise<void> {
  return new Promise((resolve, reject: (reason: unknown) => void) => {
    throwIfAborted(signal);
    let timer: NodeJS.Timeout | undefined;
    let isDone = false;
    let giveUp = (): void => {};
    const finish = (): void => {
      isDone = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (reason: unknown): void => {
      finish();
      giveUp();
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the reason of a signal, as it is
      reject(reason);
    };
    const onAbort = (): void => fail(abortReason(signal as AbortSignal));
    giveUp = start((error) => {
      finish();
      if (error === null) resolve();
      else reject(error);
    });
    if (isDone) return;
    signal?.addEventListener('abort', onAbort, { once: true });
    if (timeoutMs !== undefined) timer = setTimeout(() => fail(tooLate(timeoutMs)), timeoutMs);
  });
}

/** A rejected promise, for what went wrong in a call that must not be `async`: a frame of its own would hide the caller's. */
export function rejected(reason: unknown): Promise<never> {
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what was thrown, as it is
  return Promise.reject(reason);
}

function tooLate(timeoutMs: number): SystemError {
  return new SystemError({ code: 'ETIMEDOUT', syscall: 'sendmsg', message: `not taken within ${timeoutMs} ms` });
}
