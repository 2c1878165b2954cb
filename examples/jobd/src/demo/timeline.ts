/** Notes a fault unless `holds`, or the faults that were found elsewhere. */
export interface Check {
  (holds: boolean, fault: string): void;
  all(faults: readonly string[]): void;
}

const TEXT_WIDTH = 98;
const MOST_FAULTS = 5;

/** A step went wrong. */
export class BrokenPromise extends Error {
  override name = 'BrokenPromise';
}

/** Plays steps one after the other, and prints for each how long it took, what happened, and whether that is right. */
export class Timeline {
  steps = 0;
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void = console.log) {
    this.#print = print;
  }

  chapter(title: string): void {
    this.#print(`\n${title}`);
  }

  /** Something to see beside the steps. */
  remark(text: string): void {
    this.#print(`${' '.repeat(13)}${text}`);
  }

  /**
   * @param promise What is promised; printed when it was not kept.
   * @param play Resolves to what happened.
   * @throws BrokenPromise, after it was printed: later steps build on this one.
   */
  async step(promise: string, play: (check: Check) => Promise<string>): Promise<void> {
    const faults = new Set<string>();
    const check = (holds: boolean, fault: string): void => {
      if (!holds) faults.add(fault);
    };
    const all = (found: readonly string[]): void => {
      for (const fault of found) faults.add(fault);
    };
    let text = promise;
    const start = performance.now();
    try {
      text = await play(Object.assign(check, { all }));
    } catch (error) {
      faults.add((error as Error).message);
    }
    this.#report(performance.now() - start, faults.size === 0 ? text : promise, [...faults]);
    if (faults.size > 0) throw new BrokenPromise(promise);
  }

  #report(milliseconds: number, text: string, faults: string[]): void {
    this.steps++;
    const verdict = faults.length === 0 ? 'ok' : 'WRONG';
    this.#print(`${milliseconds.toFixed(1).padStart(8)} ms  ${text.padEnd(TEXT_WIDTH)}  ${verdict}`);
    for (const fault of faults.slice(0, MOST_FAULTS)) this.#print(`${' '.repeat(13)}- ${fault}`);
    if (faults.length > MOST_FAULTS) this.#print(`${' '.repeat(13)}- and ${faults.length - MOST_FAULTS} more`);
  }
}
