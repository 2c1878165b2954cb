import type { FdLike } from '@osx/fds';

/** A descriptor: its number, an `Fd`, or another room's object, which says it under `fd`. */
export type EpollTarget = FdLike | { readonly fd: number };

/** Options of `Epoll.add` and `Epoll.modify`. */
export interface EpollAddOptions {
  /**
   * The user's 64 bits, 0 to 2^64 - 1, which come back with each event. Default of `add`: the number of the descriptor;
   * of `modify`: as it was.
   */
  data?: bigint | number | undefined;
}

/** Options of `Epoll.poll`. */
export interface EpollPollOptions {
  /** How many events to take at most, 1 or more. Default 64; the rest stays in the kernel, which takes turns. */
  maxEvents?: number | undefined;
}

/** Options of `Epoll.events`. */
export interface EpollEventsOptions extends EpollPollOptions {
  /** Ends the wait: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Options of `Epoll.wait`. */
export interface EpollWaitOptions extends EpollEventsOptions {
  /** Milliseconds to wait at most, 0 or more; then `ETIMEDOUT`. */
  timeoutMs?: number | undefined;
}
