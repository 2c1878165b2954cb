import { closeSync, lstatSync } from 'node:fs';
import type { Stats } from 'node:fs';

import { asSystemError, hasCode, isSystemError } from '@osx/errors';
import type { SystemError } from '@osx/errors';

import { addWatchError } from './add-watch-error.ts';
import { byteStringToPath } from './byte-name.ts';
import type { DirectoryNode } from './directory-node.ts';
import { SCAN_CHANGED, SCAN_GONE, SCAN_NEW, SCAN_NOTHING, SCAN_REPLACED } from './directory-node.ts';
import { IN_ATTRIB } from '../inotify/constants.ts';
import { DT_DIR, DT_UNKNOWN, openDirectory, readDirectory } from './read-directory.ts';
import type { Tree } from './tree.ts';

/** The path does not lead to a directory now: an event will say why, or the check of the name finds out. */
const ELSEWHERE = ['ENOENT', 'ENOTDIR', 'ELOOP'] as const;
/** For one directory, not for the whole watcher. */
export const SHORTAGE = ['EMFILE', 'ENFILE', 'ENOMEM'] as const;

/** Finds out what is in a directory: watch first, then read, so that nothing can come between unseen. */
export class TreeScanner {
  readonly #tree: Tree;
  /** Entries that are found are not reported. */
  isSilent: boolean;

  constructor(tree: Tree, isSilent: boolean) {
    this.#tree = tree;
    this.isSilent = isSilent;
  }

  /** Watches the directory that is at the node's path now, or at another path to it. */
  watch(node: DirectoryNode, path = this.#tree.watches.absolutePath(node.path)): void {
    const { watches } = this.#tree;
    const wd = watches.addAt(path);
    if (wd < 0) {
      this.refused(node, addWatchError(wd, byteStringToPath(watches.absolutePath(node.path))));
      return;
    }
    const owner = watches.nodeOf(wd);
    if (owner === undefined) this.adopt(node, wd);
    // Its own rename to this place is still to be read, or the other one's away from here.
    else if (owner !== node) this.#tree.wantCheck(node.parent as DirectoryNode, node.name);
    else if (node.wantedScan !== SCAN_NOTHING) this.#tree.queueScan(node);
  }

  /** A watch that is nobody's is the node's. */
  adopt(node: DirectoryNode, wd: number): void {
    const isReplaced = node.wd !== 0 || node.entries.size > 0;
    this.#tree.bind(node, wd);
    this.#tree.wantScan(node, isReplaced ? SCAN_REPLACED : SCAN_NEW);
  }

  refused(node: DirectoryNode, error: Error): void {
    const parent = node.parent as DirectoryNode;
    if (hasCode(error, ELSEWHERE)) {
      this.#tree.wantCheck(parent, node.name);
      return;
    }
    const { watches } = this.#tree;
    watches.unbind(node);
    node.wantedScan = SCAN_NOTHING;
    // A change of its mode shows in the parent.
    watches.look(watches.absolutePath(parent.path), IN_ATTRIB);
    if ((node.refusal as SystemError | undefined)?.code !== (error as SystemError).code) {
      this.#tree.report('unwatched', node.path, true, { error });
    }
    node.refusal = error;
  }

  /** Scans directories until none is left, or `mayGoOn` says no. */
  run(mayGoOn: () => boolean): void {
    while (mayGoOn()) {
      const node = this.#tree.nextScan();
      if (node === undefined) return;
      if (!node.isRemoved && node.wd !== 0) this.#scan(node);
    }
  }

  #scan(node: DirectoryNode): void {
    const { watches } = this.#tree;
    const level = node.wantedScan;
    if (level === SCAN_NOTHING) return;
    let fd: number | undefined;
    try {
      fd = openDirectory(byteStringToPath(watches.absolutePath(node.path)));
      const path = watches.heldPath(node, fd);
      if (path === undefined) {
        if (node.parent !== undefined) this.#tree.wantCheck(node.parent, node.name);
        return;
      }
      node.wantedScan = SCAN_NOTHING;
      this.#compare(node, fd, path, level);
    } catch (cause) {
      const error = asSystemError(cause);
      if (!isSystemError(error) || hasCode(error, SHORTAGE) || node.parent === undefined) throw error;
      if (node.wantedScan < level) node.wantedScan = level;
      this.refused(node, error);
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  #compare(node: DirectoryNode, fd: number, path: string, level: number): void {
    const gone = level >= SCAN_GONE ? new Set(node.entries.keys()) : undefined;
    readDirectory(fd, (name, type) => {
      const isDirectory = type === DT_UNKNOWN ? lstatAt(`${path}/${name}`)?.isDirectory() : type === DT_DIR;
      if (isDirectory === undefined || this.#tree.isIgnored(node, name, isDirectory)) return;
      gone?.delete(name);
      if (isDirectory) this.#foundDirectory(node, name, path, level);
      else this.#foundFile(node, name, path, level);
    });
    if (gone !== undefined) for (const name of gone) this.#tree.remove(node, name);
  }

  #foundDirectory(parent: DirectoryNode, name: string, path: string, level: number): void {
    const entry = parent.entries.get(name);
    if (typeof entry === 'number') this.#tree.remove(parent, name);
    const node = typeof entry === 'object' ? entry : this.#tree.addDirectory(parent, name, this.isSilent);
    if (level >= SCAN_CHANGED || (node.wd === 0 && node.refusal === undefined)) this.watch(node, `${path}/${name}`);
    if (level === SCAN_CHANGED && node.wd !== 0) this.#tree.wantScan(node, SCAN_CHANGED);
  }

  #foundFile(directory: DirectoryNode, name: string, path: string, level: number): void {
    const entry = directory.entries.get(name);
    if (typeof entry === 'object') {
      if (level < SCAN_GONE) {
        this.#tree.wantCheck(directory, name);
        return;
      }
      this.#tree.remove(directory, name);
    }
    if (typeof entry !== 'number') {
      this.#tree.addFile(directory, name, this.isSilent);
    } else if (level === SCAN_REPLACED) {
      this.#tree.fileChanged(directory, name);
    } else if (level === SCAN_CHANGED) {
      const stats = lstatAt(`${path}/${name}`);
      if (stats !== undefined && this.#tree.clock.mayHaveChanged(entry, stats.ctimeMs)) {
        this.#tree.fileChanged(directory, name);
      }
    }
  }
}

/** undefined: gone, or not to be had. */
export function lstatAt(path: string): Stats | undefined {
  try {
    return lstatSync(byteStringToPath(path), { throwIfNoEntry: false });
  } catch (error) {
    if (hasCode(error, ['ENOTDIR', 'EACCES', 'ENAMETOOLONG', 'ELOOP'])) return undefined;
    throw asSystemError(error);
  }
}
