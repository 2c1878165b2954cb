import { isSystemError, throwIfAborted } from '@osx/errors';

import { findBackend } from '../select-backend.ts';
import type { Backend } from '../select-backend.ts';

/**
 * Closing an inotify instance within some 20 ms of removing a watch makes the kernel wait as long, and closing one with a
 * watch always does.
 */
const CLOSE_AFTER_MS = 1_000;
const FIRST_DELAY_MS = 1;
/** With events, the timer is for what they do not tell: a lock dropped without a write, a change by another machine. */
const LONGEST_DELAY_WATCHED_MS = 500;
const LONGEST_DELAY_UNWATCHED_MS = 50;

type Inotify = ReturnType<Backend['Inotify']['open']>;

/** How long to wait. */
export interface Patience {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/**
 * Waits for whatever may change who owns a pidfile: a write, a close after writing, a removal or replacement. By inotify,
 * and in growing intervals for what it does not tell.
 */
export class FileChanges {
  readonly #signal: AbortSignal | undefined;
  readonly #deadline: number;
  readonly #watches = new Set<ReturnType<Inotify['addWatch']>>();
  #inotify: Inotify | undefined;
  #delayMs = FIRST_DELAY_MS;
  #hasChanged = false;
  #wake: () => void = () => {};

  constructor({ signal, timeoutMs }: Patience) {
    this.#signal = signal;
    this.#deadline = performance.now() + timeoutMs;
  }

  get isOver(): boolean {
    return performance.now() >= this.#deadline;
  }

  /** From the return on, no change is missed; look at the file after this and before `next()`. */
  watch(path: string | Buffer): void {
    this.#hasChanged = false;
    const backend = findBackend();
    if (backend === undefined) return;
    const { Inotify, IN_MODIFY, IN_CLOSE_WRITE, IN_ATTRIB, IN_DELETE_SELF, IN_MOVE_SELF } = backend;
    try {
      const mask = IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;
      const onChange = (): void => this.#onChange();
      this.#inotify ??= Inotify.open({ onEvent: onChange, onError: onChange }).unref();
      this.#watches.add(this.#inotify.addWatch(path, mask));
    } catch (error) {
      // No instance or watch left, no file any more: the timer goes on.
      if (!isSystemError(error)) throw error;
    }
  }

  /**
   * Resolves when something may have changed, or the time is over.
   *
   * @throws the signal's reason.
   */
  async next(): Promise<void> {
    throwIfAborted(this.#signal);
    if (this.#hasChanged) return;
    const longest = this.#inotify === undefined ? LONGEST_DELAY_UNWATCHED_MS : LONGEST_DELAY_WATCHED_MS;
    this.#delayMs = Math.min(this.#delayMs * 2, longest);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(
        () => this.#wake(),
        Math.max(0, Math.min(this.#delayMs, this.#deadline - performance.now())),
      );
      this.#wake = () => {
        clearTimeout(timer);
        this.#signal?.removeEventListener('abort', this.#wake);
        this.#wake = () => {};
        resolve();
      };
      this.#signal?.addEventListener('abort', this.#wake, { once: true });
    });
    throwIfAborted(this.#signal);
  }

  close(): void {
    const inotify = this.#inotify;
    if (inotify === undefined) return;
    for (const watch of this.#watches) watch.remove();
    setTimeout(() => inotify.close(), CLOSE_AFTER_MS).unref();
  }

  #onChange(): void {
    this.#hasChanged = true;
    this.#delayMs = FIRST_DELAY_MS;
    this.#wake();
  }
}
