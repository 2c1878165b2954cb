import type { DeliveryQueue } from './delivery-queue.ts';
import { dropReport } from './drop-report.ts';

/** Where the journal never keeps up, it is told all the same. */
const REPORT_EVERY_MS = 10_000;

/** Counts the lost entries, and tells the journal. */
export class DropCount {
  readonly #queue: DeliveryQueue;
  readonly #identifier: string | null;
  #total = 0;
  #reported = 0;
  /** When the first one was lost that no report has told of. */
  #since = 0;
  #isReporting = false;

  constructor(queue: DeliveryQueue, identifier: string | null) {
    this.#queue = queue;
    this.#identifier = identifier;
  }

  get total(): number {
    return this.#total;
  }

  /** Whether a report is under way. */
  get isReporting(): boolean {
    return this.#isReporting;
  }

  add(): void {
    if (this.#total === this.#reported) this.#since = performance.now();
    this.#total += 1;
  }

  /** Sends one entry with the number of those lost since the last one, as soon as nothing is queued any more. */
  report(onSent: () => void): void {
    const count = this.#total - this.#reported;
    if (count === 0 || this.#isReporting) return;
    if (this.#queue.length > 0 && performance.now() - this.#since < REPORT_EVERY_MS) return;
    this.#isReporting = true;
    this.#reported += count;
    this.#queue.push({
      bytes: dropReport(count, this.#identifier),
      isImpatient: false,
      sequence: 0,
      settle: (error) => {
        this.#isReporting = false;
        if (error === null) onSent();
        else this.#reported -= count;
      },
    });
  }
}
