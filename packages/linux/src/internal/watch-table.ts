import type { InotifyWatch } from '../inotify/inotify-watch.ts';

/**
 * Which watch an event belongs to. The kernel numbers watches upwards and, after 2^31 of them, anew: then events of an
 * ended watch may still wait in its queue when its number is given to another. The queue is first-in first-out and the
 * last event of every watch is IN_IGNORED, so an event belongs to the oldest watch of its number that was not ignored.
 */
export class WatchTable {
  readonly #current = new Map<number, InotifyWatch>();
  /** Ended in the kernel, but their IN_IGNORED has not been read; oldest first. */
  readonly #ending = new Map<number, InotifyWatch[]>();

  current(): InotifyWatch[] {
    return [...this.#current.values()];
  }

  currentOf(wd: number): InotifyWatch | undefined {
    return this.#current.get(wd);
  }

  /** How many numbers wait for an IN_IGNORED. */
  get endingCount(): number {
    return this.#ending.size;
  }

  add(watch: InotifyWatch): void {
    this.#current.set(watch.wd, watch);
  }

  /** The kernel has no such watch any more, but its last events are still to come. */
  end(watch: InotifyWatch): void {
    if (this.#current.get(watch.wd) !== watch) return;
    this.#current.delete(watch.wd);
    watch.recordEnd();
    const before = this.#ending.get(watch.wd);
    if (before === undefined) this.#ending.set(watch.wd, [watch]);
    else before.push(watch);
  }

  /** The watch that an event read just now belongs to. */
  ownerOf(wd: number): InotifyWatch | undefined {
    return this.#ending.get(wd)?.[0] ?? this.#current.get(wd);
  }

  /** IN_IGNORED was read: nothing of the oldest watch with this number can follow. */
  ignored(wd: number): void {
    const ending = this.#ending.get(wd);
    if (ending === undefined) {
      this.#current.get(wd)?.recordEnd();
      this.#current.delete(wd);
    } else {
      ending.shift();
      if (ending.length === 0) this.#ending.delete(wd);
    }
  }

  /** The kernel's queue was read empty: an IN_IGNORED that has not come was lost to an overflow and never will. */
  queueEmptied(): void {
    if (this.#ending.size > 0) this.#ending.clear();
  }

  clear(): void {
    for (const watch of this.#current.values()) watch.recordEnd();
    this.#current.clear();
    this.#ending.clear();
  }
}
