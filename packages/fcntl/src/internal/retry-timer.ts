const FIRST_DELAY_MS = 1;
/** With close events, the timer is for what they cannot tell: LOCK_UN without a close, another machine, a full table. */
const LONGEST_DELAY_WATCHED_MS = 1_000;
const LONGEST_DELAY_UNWATCHED_MS = 100;

/**
 * Calls back in growing intervals: 1 ms, 2, 4 ... up to a limit, each shortened by up to a quarter at random, so that
 * processes that were woken together do not stay together. It keeps the process alive.
 */
export class RetryTimer {
  readonly #callback: () => void;
  #timer: NodeJS.Timeout | undefined;
  #delayMs = FIRST_DELAY_MS;
  #longestMs = LONGEST_DELAY_UNWATCHED_MS;

  constructor(callback: () => void) {
    this.#callback = callback;
  }

  start(isWatched: boolean): void {
    this.#longestMs = isWatched ? LONGEST_DELAY_WATCHED_MS : LONGEST_DELAY_UNWATCHED_MS;
    this.restart();
  }

  /** Begins with the shortest interval again. */
  restart(): void {
    this.#delayMs = FIRST_DELAY_MS;
    this.#arm();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#delayMs = Math.min(this.#delayMs * 2, this.#longestMs);
        this.#arm();
        this.#callback();
      },
      this.#delayMs * (1 - Math.random() / 4),
    );
  }
}
