/** Notes a fault unless `holds`, or the faults that were found elsewhere. */
export interface Check {
  (holds: boolean, fault: string): void;
  all(faults: readonly string[]): void;
}

const TEXT_WIDTH = 96;
const MOST_FAULTS = 5;

/** Plays steps one after the other, and prints for each how long it took, what happened, and whether that is right. */
export class Timeline {
  wrong = 0;
  steps = 0;
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void = console.log) {
    this.#print = print;
  }

  chapter(title: string): void {
    this.#print(`\n${title}`);
  }

  /**
   * @param name What is tried; printed when it ends in an error.
   * @param play Resolves to what happened. Its error is printed as a wrong step, and thrown on: later steps build on it.
   */
  async step(name: string, play: (check: Check) => Promise<string>): Promise<void> {
    const faults: string[] = [];
    const check = (holds: boolean, fault: string): void => {
      if (!holds) faults.push(fault);
    };
    const start = performance.now();
    try {
      const happened = await play(Object.assign(check, { all: (found: readonly string[]) => faults.push(...found) }));
      this.#report(performance.now() - start, happened, faults);
    } catch (error) {
      this.#report(performance.now() - start, name, [...faults, (error as Error).message]);
      throw error;
    }
  }

  #report(milliseconds: number, text: string, faults: string[]): void {
    this.steps++;
    if (faults.length > 0) this.wrong++;
    const verdict = faults.length === 0 ? 'ok' : 'WRONG';
    this.#print(`${milliseconds.toFixed(1).padStart(8)} ms  ${text.padEnd(TEXT_WIDTH)}  ${verdict}`);
    for (const fault of faults.slice(0, MOST_FAULTS)) this.#print(`${' '.repeat(13)}- ${fault}`);
    if (faults.length > MOST_FAULTS) this.#print(`${' '.repeat(13)}- and ${faults.length - MOST_FAULTS} more`);
  }
}
