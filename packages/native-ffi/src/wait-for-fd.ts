import { checkAbortSignal, checkFd, checkOptions, checkTimeoutMs, SystemError } from '@osx/errors';

import { watchFd, type WatchEvents } from './watch-fd.ts';

export interface WaitOptions {
  /** Ends the wait: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most, 0 or more; then `ETIMEDOUT`. */
  timeoutMs?: number | undefined;
}

/**
 * Resolves once a read of the descriptor would not wait: data, end of file, hang-up or an error is there.
 *
 * **Platform**, **Gotchas**: as of {@link watchFd}.
 *
 * @throws {SystemError} `ETIMEDOUT`; and as {@link watchFd}.
 * @example
 * ```ts
 * import { whenReadable } from '@osx/native-ffi';
 *
 * await whenReadable(0, { timeoutMs: 10 }).catch((error) => console.log(error.code));
 * ```
 */
export async function whenReadable(fd: number, options: WaitOptions = {}): Promise<void> {
  return await whenReady(fd, { readable: true }, options);
}

/**
 * Resolves once a write to the descriptor would take at least a byte, or fail.
 *
 * **Platform**, **Gotchas**: as of {@link watchFd}.
 *
 * @throws {SystemError} `ETIMEDOUT`; and as {@link watchFd}.
 */
export async function whenWritable(fd: number, options: WaitOptions = {}): Promise<void> {
  return await whenReady(fd, { writable: true }, options);
}

async function whenReady(fd: number, events: WatchEvents, options: WaitOptions): Promise<void> {
  checkFd('fd', fd);
  const { signal, timeoutMs } = checkWaitOptions(options);
  signal?.throwIfAborted();
  let cleanUp = (): void => {};
  try {
    await new Promise<void>((resolve, reject) => {
      const watch = watchFd(fd, events, () => resolve());
      const onAbort = (): void => reject(signal?.reason as Error);
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => reject(timedOut()), timeoutMs);
      signal?.addEventListener('abort', onAbort, { once: true });
      cleanUp = () => {
        watch.close();
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
    });
  } finally {
    cleanUp();
  }
}

/** @internal */
export function checkWaitOptions(options: WaitOptions): WaitOptions {
  const { signal, timeoutMs } = checkOptions('options', options) as WaitOptions;
  return {
    signal: checkAbortSignal('options.signal', signal),
    timeoutMs: checkTimeoutMs('options.timeoutMs', timeoutMs),
  };
}

function timedOut(): SystemError {
  return new SystemError({ code: 'ETIMEDOUT', syscall: 'poll' });
}
