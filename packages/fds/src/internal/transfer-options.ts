import { checkAbortSignal, checkOptions, checkTimeoutMs } from '@osx/errors';

/** What ends a read or write before its time. */
export interface TransferOptions {
  /** Ends the wait: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most, 0 or more; then `ETIMEDOUT`. */
  timeoutMs?: number | undefined;
}

export interface WriteOptions extends TransferOptions {
  /** How a string becomes bytes; UTF-8 by default. */
  encoding?: BufferEncoding | undefined;
}

export interface ChunkOptions extends TransferOptions {
  /** The most bytes of one chunk; 65,536 by default. */
  sizeBytes?: number | undefined;
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
