/** What a scan of a directory has to find out; each includes what stands before it. */
export const SCAN_NOTHING = 0;
/** Entries that are new. */
export const SCAN_NEW = 1;
/** Entries that are gone. */
export const SCAN_GONE = 2;
/** Files that were changed since they were last reported. */
export const SCAN_CHANGED = 3;
/** It is another directory than the one that was known: every file counts as changed. */
export const SCAN_REPLACED = 4;

/** When a file was last reported (see `ReportClock`), or a directory. */
export type TreeEntry = number | DirectoryNode;

/** Directories are renamed far less often than they are looked up: every rename of one outdates every cached path. */
let pathGeneration = 0;

/** A directory of the tree as it is known: its place, its watch, its entries. */
export class DirectoryNode {
  /** undefined for the root, and for what was removed. */
  parent: DirectoryNode | undefined;
  /** Byte string. */
  name: string;
  /** Watch descriptor; 0: none. The kernel counts from 1. */
  wd = 0;
  /** Why it is not watched, when nothing but a change of its metadata can help. */
  refusal: Error | undefined;
  isRemoved = false;
  /** What a scan is still to find out. */
  wantedScan: number = SCAN_NOTHING;
  isQueued = false;
  /** In which `Tree.epoch` the watch was set. */
  boundEpoch = 0;
  /** Watch of the directory that its last rename took it out of, and its name there. */
  cameFrom = '';
  readonly entries = new Map<string, TreeEntry>();
  #path = '';
  #pathGeneration = -1;

  constructor(parent: DirectoryNode | undefined, name: string) {
    this.parent = parent;
    this.name = name;
  }

  /** Byte string, relative to the root; '' for the root. */
  get path(): string {
    if (this.#pathGeneration === pathGeneration) return this.#path;
    const { parent } = this;
    this.#path = parent === undefined ? '' : parent.pathOf(this.name);
    this.#pathGeneration = pathGeneration;
    return this.#path;
  }

  pathOf(name: string): string {
    const { path } = this;
    return path === '' ? name : `${path}/${name}`;
  }

  moveTo(parent: DirectoryNode, name: string): void {
    this.parent = parent;
    this.name = name;
    pathGeneration += 1;
  }

  contains(node: DirectoryNode): boolean {
    for (let at: DirectoryNode | undefined = node; at !== undefined; at = at.parent) if (at === this) return true;
    return false;
  }

  childDirectory(name: string): DirectoryNode | undefined {
    const entry = this.entries.get(name);
    return typeof entry === 'object' ? entry : undefined;
  }

  /** Calls `visit` for this directory and every one below, parents first. */
  visitTree(visit: (node: DirectoryNode) => void): void {
    const pending: DirectoryNode[] = [this];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      visit(node);
      for (const entry of node.entries.values()) if (typeof entry === 'object') pending.push(entry);
    }
  }
}
