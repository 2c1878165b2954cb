import { byteStringToPath } from './byte-name.ts';
import type { DirectoryNode } from './directory-node.ts';
import { waitForRename } from './read-directory.ts';
import type { Tree } from './tree.ts';

/** The first half of a rename: the entry stays where it was until the other half has come or cannot come any more. */
export interface HalfMove {
  readonly directory: DirectoryNode;
  readonly name: string;
  /** Reading epoch in which the rename was known to be over; 0: not yet. */
  overSince: number;
  attempts: number;
}

/** A directory that is itself on the move has events that wait to be read; its path is right after them. */
const MAX_ATTEMPTS = 4;

/**
 * Renames of which only IN_MOVED_FROM was read. The kernel queues both halves in one go, under the lock of the old
 * directory: so once that lock could be taken, and the queue was read empty after it, a half that is still alone
 * went out of the tree. No timer can say that.
 */
export class TreeMoves {
  readonly #tree: Tree;
  readonly #halves = new Map<number, HalfMove>();

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  get size(): number {
    return this.#halves.size;
  }

  begin(cookie: number, directory: DirectoryNode, name: string): void {
    this.#halves.set(cookie, { directory, name, overSince: 0, attempts: 0 });
  }

  /** Hands out the first half of this rename. */
  take(cookie: number): HalfMove | undefined {
    const half = this.#halves.get(cookie);
    if (half !== undefined) this.#halves.delete(cookie);
    return half;
  }

  /** The name is spoken of again: what was there is gone. */
  giveUp(directory: DirectoryNode, name: string): void {
    if (this.#halves.size === 0) return;
    for (const [cookie, half] of this.#halves) {
      if (half.directory === directory && half.name === name) this.#leave(cookie, half);
    }
  }

  /** The queue was read empty: halves of renames that were over before have left the tree. */
  settle(): void {
    for (const [cookie, half] of this.#halves) {
      if (half.overSince !== 0 && half.overSince < this.#tree.epoch) this.#leave(cookie, half);
    }
  }

  /** Makes sure that the renames of the halves that are left are over. */
  waitForRest(): void {
    for (const half of this.#halves.values()) {
      if (half.overSince === 0 && this.#isOver(half)) half.overSince = this.#tree.epoch;
    }
  }

  clear(): void {
    this.#halves.clear();
  }

  #leave(cookie: number, { directory, name }: HalfMove): void {
    this.#halves.delete(cookie);
    if (!directory.isRemoved) this.#tree.remove(directory, name);
  }

  #isOver(half: HalfMove): boolean {
    half.attempts += 1;
    if (half.directory.isRemoved || half.attempts >= MAX_ATTEMPTS) return true;
    const { watches } = this.#tree;
    try {
      waitForRename(byteStringToPath(watches.absolutePath(half.directory.path)));
    } catch {
      return false;
    }
    return watches.isInPlace(half.directory);
  }
}
