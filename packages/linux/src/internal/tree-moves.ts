import { byteStringToPath } from './byte-name.ts';
import type { DirectoryNode, TreeEntry } from './directory-node.ts';
import { waitForRename } from './read-directory.ts';
import type { Tree } from './tree.ts';

/** The first half of a rename: the entry stays where it was until the other half has come or cannot come any more. */
export interface HalfMove {
  readonly directory: DirectoryNode;
  readonly name: string;
  readonly entry: TreeEntry;
  /** The rename is known to be over. */
  isOver: boolean;
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

  begin(cookie: number, directory: DirectoryNode, name: string, entry: TreeEntry): void {
    this.#halves.set(cookie, { directory, name, entry, isOver: false, attempts: 0 });
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
      if (half.isOver) this.#leave(cookie, half);
    }
  }

  /** Makes sure that the renames of the halves that are left are over. */
  waitForRest(): void {
    for (const half of this.#halves.values()) {
      half.isOver = half.isOver || this.#isOver(half);
    }
  }

  clear(): void {
    this.#halves.clear();
  }

  #leave(cookie: number, half: HalfMove): void {
    this.#halves.delete(cookie);
    if (!isStillThere(half)) return;
    this.#tree.remove(half.directory, half.name);
    // In an exchange with a place outside, something else is there.
    this.#tree.wantCheck(half.directory, half.name);
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

/** Whether what was about to be renamed is still where it was, as far as the tree knows. */
export function isStillThere({ directory, name, entry }: HalfMove): boolean {
  if (directory.isRemoved) return false;
  const now = directory.entries.get(name);
  return typeof entry === 'object' ? now === entry : typeof now === 'number';
}
