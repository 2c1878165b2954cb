const UNIT_MS = 16;
/** The kernel stamps files by a clock that ticks every 1 to 10 ms. */
const KERNEL_TICK_MS = 20;

/**
 * When files were last reported, as small integers, to be compared with their ctime after an overflow: a file whose ctime
 * is not before its report may have changed since. No file is ever looked at for this before an overflow happens.
 */
export class ReportClock {
  readonly #startMs = Date.now();
  readonly #startMonotonic = performance.now();
  #stepBackMs = 0;
  #now = 0;

  /** Of the events being handled: a time not after anybody is told of them. */
  get now(): number {
    return this.#now;
  }

  /** Call before events are handed on. */
  advance(): void {
    const elapsed = Date.now() - this.#startMs;
    this.#now = Math.max(this.#now, Math.floor(elapsed / UNIT_MS));
    const stepBack = performance.now() - this.#startMonotonic - elapsed;
    if (stepBack > this.#stepBackMs) this.#stepBackMs = stepBack;
  }

  /** Whether a file with this ctime may have changed since it was reported at `report`. */
  mayHaveChanged(report: number, ctimeMs: number): boolean {
    return ctimeMs >= this.#startMs + report * UNIT_MS - KERNEL_TICK_MS - this.#stepBackMs;
  }
}
