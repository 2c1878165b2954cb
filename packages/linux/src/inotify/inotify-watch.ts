/** What an {@link InotifyWatch} asks of the instance that made it. */
export interface WatchOwner {
  removeWatch(watch: InotifyWatch): boolean;
}

/**
 * A watch of an {@link Inotify}: one per inode and instance.
 *
 * **Gotchas** Watching the same inode again, by the same path or by another link to it, gives the same object back;
 * `additions`, `path`, `mask` and `previousMask` then show what became of it.
 *
 * @see https://man7.org/linux/man-pages/man2/inotify_add_watch.2.html
 */
export class InotifyWatch {
  /** Watch descriptor: unique in its instance. */
  readonly wd: number;
  readonly #owner: WatchOwner;
  #path: string | Buffer = '';
  #mask = 0;
  #previousMask: number | undefined;
  #additions = 0;
  #isActive = true;
  #isRemoved = false;

  /** @internal */
  constructor(owner: WatchOwner, wd: number) {
    this.#owner = owner;
    this.wd = wd;
  }

  /** Path given to the latest `addWatch` that led to this inode. */
  get path(): string | Buffer {
    return this.#path;
  }

  /** The mask in force: events, and the flags `IN_ONESHOT` and `IN_EXCL_UNLINK`. */
  get mask(): number {
    return this.#mask;
  }

  /** The mask that the latest `addWatch` replaced or added to; undefined for a watch that was added once. */
  get previousMask(): number | undefined {
    return this.#previousMask;
  }

  /** How many calls of `addWatch` led here: more than 1 says that paths share the inode. */
  get additions(): number {
    return this.#additions;
  }

  /** Whether the kernel still had the watch when its events were last read. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /**
   * Removes the watch; short for `inotify.removeWatch(watch)`.
   *
   * @returns false when it was gone already.
   */
  remove(): boolean {
    return this.#owner.removeWatch(this);
  }

  [Symbol.dispose](): void {
    this.remove();
  }

  /** @internal */
  isOwnedBy(owner: WatchOwner): boolean {
    return this.#owner === owner;
  }

  /** @internal */
  recordAddition(path: string | Buffer, mask: number): void {
    if (this.#additions > 0) this.#previousMask = this.#mask;
    this.#additions += 1;
    this.#path = path;
    this.#mask = mask;
  }

  /** @internal */
  recordEnd(): void {
    this.#isActive = false;
  }

  /** Its events are wanted no more. @internal */
  recordRemoval(): void {
    this.#isRemoved = true;
  }

  /** @internal */
  get isRemoved(): boolean {
    return this.#isRemoved;
  }
}
