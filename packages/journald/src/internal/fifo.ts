/** First in, first out, at constant cost however long it is. */
export class Fifo<T> {
  #items: T[] = [];
  #start = 0;

  get length(): number {
    return this.#items.length - this.#start;
  }

  get first(): T | undefined {
    return this.#items[this.#start];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    const first = this.#items[this.#start];
    if (first === undefined) return undefined;
    (this.#items as (T | undefined)[])[this.#start] = undefined;
    this.#start += 1;
    if (this.#start > 1_024 && this.#start * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#start);
      this.#start = 0;
    }
    return first;
  }

  /** Takes it out of the middle, if it is there. */
  remove(item: T): boolean {
    const at = this.#items.indexOf(item, this.#start);
    if (at < 0) return false;
    this.#items.splice(at, 1);
    return true;
  }
}
