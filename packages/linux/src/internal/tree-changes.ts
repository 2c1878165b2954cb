import {
  IN_ATTRIB,
  IN_CLOSE_WRITE,
  IN_CREATE,
  IN_DELETE,
  IN_ISDIR,
  IN_MODIFY,
  IN_MOVED_FROM,
  IN_MOVED_TO,
} from '../inotify/constants.ts';
import type { DirectoryNode } from './directory-node.ts';
import { isStillThere } from './tree-moves.ts';
import type { HalfMove, TreeMoves } from './tree-moves.ts';
import type { TreeScanner } from './tree-scanner.ts';
import type { Tree } from './tree.ts';

/**
 * Applies what the kernel says about an entry of a directory. A scan may have seen more than the events that are read
 * after it tell: what is known already is not reported again, and an event that contradicts is followed by a check.
 */
export class TreeChanges {
  readonly #tree: Tree;
  readonly #scanner: TreeScanner;
  readonly #moves: TreeMoves;
  readonly #reportsAttributes: boolean;

  constructor(tree: Tree, scanner: TreeScanner, moves: TreeMoves, extraMask: number) {
    this.#tree = tree;
    this.#scanner = scanner;
    this.#moves = moves;
    this.#reportsAttributes = (extraMask & IN_ATTRIB) !== 0;
  }

  apply(directory: DirectoryNode, mask: number, cookie: number, name: string): void {
    const isDirectory = (mask & IN_ISDIR) !== 0;
    if (this.#tree.isIgnored(directory, name, isDirectory)) {
      // Renamed to a name that is left out: gone, as far as anybody is told.
      const half = (mask & IN_MOVED_TO) === 0 ? undefined : this.#moves.take(cookie);
      if (half !== undefined && isStillThere(half)) this.#tree.remove(half.directory, half.name);
      return;
    }
    if ((mask & IN_CREATE) !== 0) this.#created(directory, name, isDirectory);
    else if ((mask & IN_CLOSE_WRITE) !== 0) this.#written(directory, name);
    else if ((mask & IN_DELETE) !== 0) this.#deleted(directory, name, isDirectory);
    else if ((mask & IN_MOVED_FROM) !== 0) this.#movedFrom(directory, name, isDirectory, cookie);
    else if ((mask & IN_MOVED_TO) !== 0) this.#movedTo(directory, name, isDirectory, cookie);
    else if ((mask & IN_MODIFY) !== 0) this.#modified(directory, name);
    else if ((mask & IN_ATTRIB) !== 0) this.#attributesChanged(directory, name, isDirectory);
  }

  #created(directory: DirectoryNode, name: string, isDirectory: boolean): void {
    this.#moves.giveUp(directory, name);
    const entry = directory.entries.get(name);
    if (entry === undefined) {
      if (isDirectory) this.#scanner.watch(this.#tree.addDirectory(directory, name));
      else this.#tree.addFile(directory, name);
    } else if ((typeof entry === 'object') !== isDirectory) {
      this.#tree.wantCheck(directory, name);
    } else if (typeof entry === 'object' && entry.wd === 0 && entry.refusal === undefined) {
      this.#scanner.watch(entry);
    }
  }

  #deleted(directory: DirectoryNode, name: string, isDirectory: boolean): void {
    this.#moves.giveUp(directory, name);
    const entry = directory.entries.get(name);
    if (entry === undefined) return;
    if ((typeof entry === 'object') === isDirectory) this.#tree.remove(directory, name);
    else this.#tree.wantCheck(directory, name);
  }

  #movedFrom(directory: DirectoryNode, name: string, isDirectory: boolean, cookie: number): void {
    this.#moves.giveUp(directory, name);
    const entry = directory.entries.get(name);
    if (entry === undefined) return;
    if ((typeof entry === 'object') === isDirectory) this.#moves.begin(cookie, directory, name, entry);
    else this.#tree.wantCheck(directory, name);
  }

  #movedTo(directory: DirectoryNode, name: string, isDirectory: boolean, cookie: number): void {
    const half = this.#moves.take(cookie);
    this.#moves.giveUp(directory, name);
    if (half === undefined || !isStillThere(half)) {
      this.#movedIn(directory, name, isDirectory);
    } else if ((typeof half.entry === 'object') !== isDirectory || isNested(half, directory, name)) {
      // The tree is not what it was when this happened: what is there now is found out.
      this.#tree.remove(half.directory, half.name);
      this.#tree.wantCheck(half.directory, half.name);
      this.#tree.wantCheck(directory, name);
    } else if (typeof half.entry === 'number') {
      this.#tree.moveFile(half.directory, half.name, directory, name);
    } else {
      this.#tree.moveDirectory(half.entry, directory, name);
    }
  }

  #movedIn(directory: DirectoryNode, name: string, isDirectory: boolean): void {
    const entry = directory.entries.get(name);
    if (entry === undefined) {
      this.#created(directory, name, isDirectory);
      return;
    }
    if (typeof entry === 'number' && !isDirectory) this.#tree.fileChanged(directory, name);
    // What was here may have gone away, or gone where the other came from (RENAME_EXCHANGE).
    this.#tree.wantCheck(directory, name);
  }

  #written(directory: DirectoryNode, name: string): void {
    const entry = directory.entries.get(name);
    if (typeof entry === 'object') return;
    // Its directory is watched but not scanned yet.
    if (entry === undefined) this.#tree.addFile(directory, name, this.#scanner.isSilent);
    this.#tree.fileChanged(directory, name);
  }

  #modified(directory: DirectoryNode, name: string): void {
    if (typeof directory.entries.get(name) === 'number') this.#tree.report('modify', directory.pathOf(name), false);
  }

  #attributesChanged(directory: DirectoryNode, name: string, isDirectory: boolean): void {
    const entry = directory.entries.get(name);
    if (entry === undefined) return;
    if (this.#reportsAttributes) this.#tree.report('attributes', directory.pathOf(name), isDirectory);
    if (typeof entry === 'object' && entry.refusal !== undefined) this.#scanner.watch(entry);
  }
}

/** No directory moves into itself, and none takes the place of one above it. */
function isNested(half: HalfMove, directory: DirectoryNode, name: string): boolean {
  if (typeof half.entry === 'object' && half.entry.contains(directory)) return true;
  return directory.childDirectory(name)?.contains(half.directory) ?? false;
}
