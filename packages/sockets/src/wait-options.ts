/** What ends a wait before its time. */
export interface WaitOptions {
  /** Ends the wait: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most, 0 or more; then `ETIMEDOUT`. */
  timeoutMs?: number | undefined;
}
