/**
 * Called with the canonical name and the number of a signal. While a promise that it returned is pending it is not called
 * again: see {@link HandlerOptions.overlap}.
 */
export type SignalHandler = (name: string, number: number) => unknown;

/** How handlers are called. */
export interface HandlerOptions {
  /** Ends the subscription when aborted; aborted already, nothing is registered. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Call an async handler again while it is still at work. Default: `false`, signals that come meanwhile lead to one more
   * call afterwards, for each of its signals.
   */
  readonly overlap?: boolean | undefined;
  /** Gets what the handler throws or rejects with. Default: the error becomes an unhandled rejection. */
  readonly onError?: ((error: unknown, name: string) => void) | undefined;
}

/** What keeps a handler registered, until `close()`, the end of a `using` block, or the `signal` of its options. */
export interface SignalSubscription extends Disposable {
  readonly isClosed: boolean;
  /** Idempotent, in any order. The handler is not called any more; a call that is at work goes on. */
  close(): void;
}
