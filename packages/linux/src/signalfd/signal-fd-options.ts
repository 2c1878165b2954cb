/** Options of `SignalFd.open`. */
export interface SignalFdOptions {
  /**
   * Receive what is sent to **this thread** (tgkill, a pidfd of the thread, F_SETOWN_EX), although other threads do not
   * block the signals. The same signal sent to the process ends it, as it would without us. Default false.
   */
  threadDirected?: boolean | undefined;
}

/** Options of `SignalFd.read`. */
export interface SignalReadOptions {
  /** Ends the wait: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most, 0 or more; then `ETIMEDOUT`. */
  timeoutMs?: number | undefined;
}

/** Options of `SignalFd.events`. */
export interface SignalEventsOptions {
  /** Ends the iteration: `next()` rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}
