import type { Readiness } from './readiness.ts';

const FIRST_MS = 1;
const LONGEST_MS = 50;

/** For what has no readiness: it says "try again" in growing intervals. */
export class TimerReadiness implements Readiness {
  #intervalMs = FIRST_MS;
  #timer: NodeJS.Timeout | undefined;
  #isReferenced = true;

  arm(onReady: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(onReady, this.#intervalMs);
    if (!this.#isReferenced) this.#timer.unref();
    this.#intervalMs = Math.min(this.#intervalMs * 2, LONGEST_MS);
  }

  disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#intervalMs = FIRST_MS;
  }

  ref(): void {
    this.#isReferenced = true;
    this.#timer?.ref();
  }

  unref(): void {
    this.#isReferenced = false;
    this.#timer?.unref();
  }

  close(): void {
    this.disarm();
  }
}
