import type { TreeEventFields, TreeEventType } from '../inotify/tree-event.ts';
import { DirectoryNode, SCAN_GONE, SCAN_NOTHING } from './directory-node.ts';
import type { ReportClock } from './report-clock.ts';
import type { TreeIgnoreRule } from './tree-ignore.ts';
import type { TreeWatches } from './tree-watches.ts';

type Details = Partial<Pick<TreeEventFields, 'error' | 'fromPath' | 'reason'>>;

export interface TreeParts {
  /** Byte string: what stands before every path that is reported; '' for the root `/`. */
  readonly shownBase: string;
  readonly watches: TreeWatches;
  readonly clock: ReportClock;
  readonly ignore: TreeIgnoreRule | undefined;
  readonly deliver: (fields: TreeEventFields) => void;
}

/**
 * The tree as it is known and has been reported. Every change goes through here and is reported here, so that whoever
 * applies the events in order has the same tree.
 */
export class Tree {
  readonly root = new DirectoryNode(undefined, '');
  readonly watches: TreeWatches;
  readonly clock: ReportClock;
  readonly ignore: TreeIgnoreRule | undefined;
  readonly #shownBase: string;
  readonly #deliver: (fields: TreeEventFields) => void;
  /** Directories whose scan is wanted; the last one is next. */
  readonly #scans: DirectoryNode[] = [];
  /** Names to be compared with the disk, by directory. */
  #checks = new Map<DirectoryNode, Set<string>>();
  #lastBoundEpoch = 0;
  /**
   * Counts the times at which the kernel's queue was read empty. What is read in an epoch may be older than a look at the
   * disk in it, or in the one before: the last read of an epoch is applied after it found the queue empty.
   */
  epoch = 1;
  isRescan = false;
  /** Counts what was scanned, bound or reported: while it grows, checks that are left may have an answer now. */
  progress = 0;

  constructor(parts: TreeParts) {
    this.#shownBase = parts.shownBase;
    this.watches = parts.watches;
    this.clock = parts.clock;
    this.ignore = parts.ignore;
    this.#deliver = parts.deliver;
  }

  report(type: TreeEventType, path: string, isDirectory: boolean, details?: Details): void {
    this.progress += 1;
    this.#deliver({
      type,
      path: this.#shownPath(path),
      fromPath: details?.fromPath === undefined ? undefined : this.#shownPath(details.fromPath),
      isDirectory,
      isRescan: this.isRescan,
      error: details?.error,
      reason: details?.reason,
    });
  }

  isIgnored(directory: DirectoryNode, name: string, isDirectory: boolean): boolean {
    return this.ignore?.test(directory, name, isDirectory) ?? false;
  }

  addFile(directory: DirectoryNode, name: string, isSilent = false): void {
    directory.entries.set(name, this.clock.now);
    if (!isSilent) this.report('create', directory.pathOf(name), false);
  }

  fileChanged(directory: DirectoryNode, name: string): void {
    directory.entries.set(name, this.clock.now);
    this.report('change', directory.pathOf(name), false);
  }

  addDirectory(directory: DirectoryNode, name: string, isSilent = false): DirectoryNode {
    const node = new DirectoryNode(directory, name);
    directory.entries.set(name, node);
    if (!isSilent) this.report('create', node.path, true);
    return node;
  }

  bind(node: DirectoryNode, wd: number): void {
    this.progress += 1;
    this.watches.bind(node, wd);
    node.refusal = undefined;
    node.boundEpoch = this.epoch;
    this.#lastBoundEpoch = this.epoch;
  }

  /** Removes an entry with all below it, children before parents. */
  remove(directory: DirectoryNode, name: string): void {
    const entry = directory.entries.get(name);
    if (typeof entry === 'object') {
      for (const child of entry.entries.keys()) this.remove(entry, child);
      this.#drop(entry);
      this.report('delete', entry.path, true);
    } else if (entry !== undefined) {
      this.report('delete', directory.pathOf(name), false);
    }
    directory.entries.delete(name);
  }

  moveFile(from: DirectoryNode, fromName: string, to: DirectoryNode, toName: string): void {
    this.#displace(from, fromName, to, toName);
    from.entries.delete(fromName);
    to.entries.set(toName, this.clock.now);
    this.report('move', to.pathOf(toName), false, { fromPath: from.pathOf(fromName) });
  }

  moveDirectory(node: DirectoryNode, to: DirectoryNode, toName: string): void {
    const from = node.parent as DirectoryNode;
    const { name: fromName, path: fromPath } = node;
    this.#displace(from, fromName, to, toName);
    from.entries.delete(fromName);
    to.entries.set(toName, node);
    node.moveTo(to, toName);
    // To and fro: or an exchange with a directory that was not known there, which is in this one's place now.
    if (node.cameFrom === `${to.wd}/${toName}`) {
      this.wantCheck(from, fromName);
      this.wantCheck(to, toName);
    }
    node.cameFrom = `${from.wd}/${fromName}`;
    this.report('move', node.path, true, { fromPath });
    // What is in doubt about it goes along: a scan that failed on the old path, a check of the name it had.
    const isInDoubt = node.wantedScan !== SCAN_NOTHING || this.#checks.get(from)?.has(fromName) === true;
    if (node.wd === 0 || isInDoubt) this.wantCheck(to, toName);
    // A watch that was set after this happened may have met another directory that had taken this one's place.
    const oldest = this.epoch - 1;
    if (this.#lastBoundEpoch >= oldest) {
      node.visitTree((below) => {
        if (below.boundEpoch >= oldest) this.wantCheck(below.parent as DirectoryNode, below.name);
      });
    }
    if (this.ignore?.dependsOnPath === true) node.visitTree((below) => this.wantScan(below, SCAN_GONE));
  }

  wantCheck(directory: DirectoryNode, name: string): void {
    const names = this.#checks.get(directory);
    if (names === undefined) this.#checks.set(directory, new Set([name]));
    else names.add(name);
  }

  get hasChecks(): boolean {
    return this.#checks.size > 0;
  }

  takeChecks(): ReadonlyMap<DirectoryNode, ReadonlySet<string>> {
    const checks = this.#checks;
    if (checks.size > 0) this.#checks = new Map();
    return checks;
  }

  wantScan(node: DirectoryNode, level: number): void {
    if (node.wantedScan < level) node.wantedScan = level;
    this.queueScan(node);
  }

  queueScan(node: DirectoryNode): void {
    if (node.isQueued) return;
    node.isQueued = true;
    this.#scans.push(node);
  }

  nextScan(): DirectoryNode | undefined {
    const node = this.#scans.pop();
    if (node === undefined) return undefined;
    this.progress += 1;
    node.isQueued = false;
    return node;
  }

  get hasScans(): boolean {
    return this.#scans.length > 0;
  }

  /**
   * What a rename replaces is part of the `move`. An empty directory or a file is gone with it; but in an exchange
   * (RENAME_EXCHANGE) it is alive, and its own rename follows with names that say the opposite of the first.
   */
  #displace(from: DirectoryNode, fromName: string, to: DirectoryNode, toName: string): void {
    const displaced = to.entries.get(toName);
    if (displaced === undefined) return;
    this.wantCheck(to, toName);
    if (typeof displaced === 'number') return;
    this.wantCheck(from, fromName);
    displaced.visitTree((node) => this.#drop(node));
  }

  #drop(node: DirectoryNode): void {
    node.isRemoved = true;
    this.watches.unbind(node);
  }

  #shownPath(path: string): string {
    if (path !== '') return `${this.#shownBase}/${path}`;
    return this.#shownBase === '' ? '/' : this.#shownBase;
  }
}
