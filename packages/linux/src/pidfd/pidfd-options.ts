/** Options of whatever waits for a process. */
export interface PidfdWaitOptions {
  /** Ends the wait: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most, 0 or more; then `ETIMEDOUT`. */
  timeoutMs?: number | undefined;
}

/** Options of `Pidfd.sendSignal`. */
export interface SendSignalOptions {
  /**
   * Who gets the signal: that `'thread'` alone, its `'process'`, or its `'processGroup'` (Linux 6.9). Default: what the
   * pidfd is of.
   */
  scope?: 'thread' | 'process' | 'processGroup' | undefined;
}
