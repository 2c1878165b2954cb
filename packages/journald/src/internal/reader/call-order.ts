/** Calls that are done one after the other, in the order in which they were made. */
export class CallOrder {
  /** The end of the last call that was made and is not done. */
  #last: Promise<unknown> | undefined;

  /** Does the work at once where nothing is before it, within this very call. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last === undefined ? work() : this.#runAfter(this.#last, work);
    const end = result.then(ignore, ignore);
    this.#last = end;
    try {
      return await result;
    } finally {
      if (this.#last === end) this.#last = undefined;
    }
  }

  async #runAfter<Result>(before: Promise<unknown>, work: () => Promise<Result>): Promise<Result> {
    await before;
    return await work();
  }
}

function ignore(): void {}
