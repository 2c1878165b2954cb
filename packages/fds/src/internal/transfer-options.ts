import { checkAbortSignal, checkOptions, checkTimeoutMs } from '@osx/errors';

/** What ends a read or write before its time. */
export interface TransferOptions {
  /** Ends the wait: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most, 0 or more; then `ETIMEDOUT`. */
  timeoutMs?: number | undefined;
}

export interface CheckedTransferOptions {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
}

export function checkTransferOptions(options: TransferOptions): CheckedTransferOptions {
  const { signal, timeoutMs } = checkOptions('options', options) as TransferOptions;
  return {
    signal: checkAbortSignal('options.signal', signal),
    timeoutMs: checkTimeoutMs('options.timeoutMs', timeoutMs),
  };
}
