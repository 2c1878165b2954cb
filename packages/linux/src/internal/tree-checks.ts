import { closeSync } from 'node:fs';

import { asSystemError, hasCode } from '@osx/errors';

import { addWatchError } from './add-watch-error.ts';
import { byteStringToPath } from './byte-name.ts';
import type { DirectoryNode } from './directory-node.ts';
import { SCAN_CHANGED, SCAN_GONE, SCAN_NOTHING } from './directory-node.ts';
import { openDirectory } from './read-directory.ts';
import type { TreeMoves } from './tree-moves.ts';
import type { TreeScanner } from './tree-scanner.ts';
import { lstatAt, SHORTAGE } from './tree-scanner.ts';
import type { Tree } from './tree.ts';

/**
 * Compares names that are in doubt with the disk, once the kernel's queue was read empty. What changes on the disk after
 * that queues events that are applied later, in order: so the last word about a name is always right.
 */
export class TreeChecks {
  readonly #tree: Tree;
  readonly #scanner: TreeScanner;
  readonly #moves: TreeMoves;

  readonly #onRootLost: () => void;

  /** @param onRootLost The root's path does not lead to it: something above it was renamed, which no event tells. */
  constructor(tree: Tree, scanner: TreeScanner, moves: TreeMoves, onRootLost: () => void) {
    this.#tree = tree;
    this.#scanner = scanner;
    this.#moves = moves;
    this.#onRootLost = onRootLost;
  }

  run(): void {
    for (const [directory, names] of this.#tree.takeChecks()) {
      if (directory.isRemoved || (directory.wd === 0 && directory.refusal !== undefined)) continue;
      if (!this.#checkAll(directory, names)) this.#postpone(directory, names);
    }
  }

  /** In the open directory: were its path to lead elsewhere in the midst of this, what is in it would seem to be gone. */
  #checkAll(directory: DirectoryNode, names: ReadonlySet<string>): boolean {
    const { watches } = this.#tree;
    const fd = tryOpenDirectory(watches.absolutePath(directory.path));
    if (fd === undefined) return false;
    try {
      const path = watches.heldPath(directory, fd);
      if (path === undefined) return false;
      for (const name of names) if (!directory.isRemoved) this.#check(directory, name, `${path}/${name}`);
      return true;
    } finally {
      closeSync(fd);
    }
  }

  /** Its own path is wrong: an event that is still to come tells, or its own check finds out. */
  #postpone(directory: DirectoryNode, names: ReadonlySet<string>): void {
    if (directory.parent === undefined) {
      this.#onRootLost();
      return;
    }
    this.#tree.wantCheck(directory.parent, directory.name);
    for (const name of names) this.#tree.wantCheck(directory, name);
  }

  #check(directory: DirectoryNode, name: string, path: string): void {
    // What an exchange put here is not what went away from here.
    this.#moves.giveUp(directory, name);
    const isDirectory = lstatAt(path)?.isDirectory();
    const entry = directory.entries.get(name);
    const isUnwanted = isDirectory === undefined || this.#tree.isIgnored(directory, name, isDirectory);
    if (isUnwanted || (entry !== undefined && (typeof entry === 'object') !== isDirectory)) {
      this.#tree.remove(directory, name);
    }
    if (isUnwanted) return;
    if (isDirectory) this.#checkDirectory(directory, name, path);
    else if (!directory.entries.has(name)) this.#tree.addFile(directory, name);
  }

  #checkDirectory(directory: DirectoryNode, name: string, path: string): void {
    const { watches } = this.#tree;
    const node = directory.childDirectory(name) ?? this.#tree.addDirectory(directory, name);
    const wd = watches.addAt(path);
    const owner = wd < 0 ? undefined : watches.nodeOf(wd);
    if (wd < 0) this.#scanner.refused(node, addWatchError(wd, byteStringToPath(watches.absolutePath(node.path))));
    else if (owner === undefined) this.#scanner.adopt(node, wd);
    else if (owner !== node) this.#settleConflict(node, owner, wd);
    else if (node.wantedScan !== SCAN_NOTHING) this.#tree.queueScan(node);
  }

  /** The directory at the node's place is known, at another place. */
  #settleConflict(node: DirectoryNode, owner: DirectoryNode, wd: number): void {
    const { watches } = this.#tree;
    const { parent, name } = node;
    if (parent === undefined) return;
    if (watches.isInPlace(owner)) {
      // At both places at once, so a bind mount: it is watched, and reported, at the place that was known first.
      if (watches.look(watches.absolutePath(node.path)) === wd) watches.unbind(node);
      else this.#tree.wantCheck(parent, name);
    } else if (owner.parent === undefined) {
      this.#tree.wantCheck(parent, name);
    } else if (owner.contains(node) || node.contains(owner)) {
      this.#tree.wantCheck(owner.parent, owner.name);
      this.#tree.wantCheck(parent, name);
      this.#tree.remove(owner.parent, owner.name);
    } else {
      this.#tree.wantCheck(owner.parent, owner.name);
      this.#tree.moveDirectory(owner, parent, name);
      this.#tree.wantScan(owner, this.#tree.isRescan ? SCAN_CHANGED : SCAN_GONE);
    }
  }
}

/** undefined: it is not there, or not to be had. */
function tryOpenDirectory(path: string): number | undefined {
  try {
    return openDirectory(byteStringToPath(path));
  } catch (error) {
    if (hasCode(error, SHORTAGE)) throw asSystemError(error);
    return undefined;
  }
}
