/** Work without a turn of the event loop takes no longer. */
const MOST_MS = 5;

/** Gives the event loop a turn now and then, in what would otherwise keep it until the end. */
export class LoopTurns {
  #since = performance.now();

  /** Resolves at once, and after a turn when the last one is long ago. */
  async take(): Promise<void> {
    if (!this.isDue()) return;
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    this.#since = performance.now();
  }

  isDue(): boolean {
    return performance.now() - this.#since > MOST_MS;
  }
}
