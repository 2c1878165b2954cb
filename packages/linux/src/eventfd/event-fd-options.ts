/** Options of `EventFd.create`. */
export interface EventFdOptions {
  /** What the counter starts with, 0 (default) to 2^64 - 2. */
  initial?: bigint | number | undefined;
  /** Reading takes 1 of the counter instead of all (`EFD_SEMAPHORE`, Linux 2.6.30). Default false. */
  semaphore?: boolean | undefined;
}

/** Options of whatever waits for an eventfd. */
export interface EventFdWaitOptions {
  /** Ends the wait: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most, 0 or more; then `ETIMEDOUT`. */
  timeoutMs?: number | undefined;
}

/** Options of `EventFd.values`. */
export interface EventFdValuesOptions {
  /** Ends the iteration: `next()` rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}
