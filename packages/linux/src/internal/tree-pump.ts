import {
  IN_ATTRIB,
  IN_DELETE_SELF,
  IN_IGNORED,
  IN_MOVE_SELF,
  IN_Q_OVERFLOW,
  IN_UNMOUNT,
} from '../inotify/constants.ts';
import type { TreeEndReason } from '../inotify/tree-event.ts';
import type { CheckedTreeOptions } from './check-tree-options.ts';
import { SCAN_CHANGED, SCAN_NEW } from './directory-node.ts';
import { TreeChanges } from './tree-changes.ts';
import { TreeChecks } from './tree-checks.ts';
import { TreeMoves } from './tree-moves.ts';
import { TreeReader } from './tree-reader.ts';
import { TreeScanner } from './tree-scanner.ts';
import type { Tree } from './tree.ts';

/** In one turn of the event loop, so that a flood of events, or a large tree, leaves turns to others. */
const READS_PER_TURN = 4;
const SCAN_MS_PER_TURN = 8;

export interface TreePumpOwner {
  readonly isClosed: boolean;
  /** Whether more events may be delivered now; if not, `resume()` is called later. */
  hasRoom(): boolean;
  onScanned(): void;
  onEnd(reason: TreeEndReason): void;
  fail(error: Error): void;
}

/**
 * The work of a tree watcher, a little in each turn of the event loop: read events, settle what was in doubt when the
 * queue is empty, scan a few directories.
 */
export class TreePump {
  readonly #tree: Tree;
  readonly #owner: TreePumpOwner;
  readonly #moves: TreeMoves;
  readonly #scanner: TreeScanner;
  readonly #checks: TreeChecks;
  readonly #changes: TreeChanges;
  readonly #reader: TreeReader;
  readonly #reportsAttributes: boolean;
  #immediate: NodeJS.Immediate | undefined;
  #isReferenced = true;
  #isPaused = false;
  #isScanning = true;
  #isRescanning = false;

  constructor(fd: number, tree: Tree, options: CheckedTreeOptions, owner: TreePumpOwner) {
    this.#tree = tree;
    this.#owner = owner;
    this.#reportsAttributes = (options.extraMask & IN_ATTRIB) !== 0;
    this.#moves = new TreeMoves(tree);
    this.#scanner = new TreeScanner(tree, !options.emitExisting);
    this.#checks = new TreeChecks(tree, this.#scanner, this.#moves, () => this.#rootLost());
    this.#changes = new TreeChanges(tree, this.#scanner, this.#moves, options.extraMask);
    this.#reader = new TreeReader(fd, () => this.#pump());
    tree.wantScan(tree.root, SCAN_NEW);
    this.#pumpAgain();
  }

  ref(): void {
    this.#isReferenced = true;
    this.#reader.ref();
    this.#immediate?.ref();
  }

  unref(): void {
    this.#isReferenced = false;
    this.#reader.unref();
    this.#immediate?.unref();
  }

  resume(): void {
    if (this.#owner.isClosed || !this.#isPaused) return;
    this.#isPaused = false;
    this.#reader.resume();
    this.#pumpAgain();
  }

  close(): void {
    this.#reader.close();
    clearImmediate(this.#immediate);
    this.#immediate = undefined;
  }

  #pumpAgain(): void {
    if (this.#immediate !== undefined) return;
    this.#immediate = setImmediate(() => {
      this.#immediate = undefined;
      this.#pump();
    });
    if (!this.#isReferenced) this.#immediate.unref();
  }

  #pump(): void {
    try {
      if (!this.#owner.isClosed) this.#turn();
    } catch (error) {
      if (!this.#owner.isClosed) this.#owner.fail(error as Error);
    }
  }

  #turn(): void {
    const { progress } = this.#tree;
    const wasScanned = !this.#tree.hasScans;
    const isEmptied = this.#readEvents();
    if (this.#owner.isClosed) return;
    if (isEmptied) this.#settle();
    this.#tree.isRescan = this.#isRescanning;
    const deadline = performance.now() + SCAN_MS_PER_TURN;
    this.#scanner.run(() => !this.#owner.isClosed && this.#owner.hasRoom() && performance.now() < deadline);
    this.#tree.isRescan = false;
    if (this.#owner.isClosed) return;
    if (!this.#owner.hasRoom()) this.#pause();
    else if (this.#tree.hasScans || this.#moves.size > 0) this.#pumpAgain();
    // Not every doubt has an event to come: what was in the way may have been told before.
    else if (this.#tree.hasChecks && this.#tree.progress !== progress) this.#pumpAgain();
    else if (this.#isScanning && !(isEmptied && wasScanned)) this.#pumpAgain();
    else if (this.#isScanning) this.#scanned();
  }

  #pause(): void {
    this.#isPaused = true;
    this.#reader.pause();
  }

  #readEvents(): boolean {
    for (let reads = 0; reads < READS_PER_TURN && !this.#owner.isClosed; reads += 1) {
      if (!this.#owner.hasRoom()) return false;
      this.#tree.clock.advance();
      if (this.#reader.read(this.#visit)) return true;
    }
    return false;
  }

  /** All events that were queued at the end of the last epoch have been applied. */
  #settle(): void {
    this.#moves.settle();
    this.#tree.epoch += 1;
    this.#tree.isRescan = this.#isRescanning;
    this.#checks.run();
    this.#tree.isRescan = false;
    if (this.#owner.isClosed) return;
    this.#moves.waitForRest();
  }

  readonly #visit = (wd: number, mask: number, cookie: number, name: string): void => {
    if (this.#owner.isClosed) return;
    if ((mask & IN_Q_OVERFLOW) !== 0) {
      this.#overflowed();
      return;
    }
    const directory = this.#tree.watches.nodeOf(wd);
    if (directory === undefined) return;
    if (name !== '') this.#changes.apply(directory, mask, cookie, name);
    else if (directory === this.#tree.root) this.#rootChanged(mask);
    else if ((mask & IN_IGNORED) !== 0) {
      // Deleted, then its parent says so next; or unmounted, then another directory is there.
      this.#tree.watches.forget(directory);
      this.#tree.wantCheck(directory.parent as typeof directory, directory.name);
    }
  };

  #rootChanged(mask: number): void {
    if ((mask & IN_UNMOUNT) !== 0) this.#owner.onEnd('unmounted');
    else if ((mask & IN_MOVE_SELF) !== 0) this.#owner.onEnd('moved');
    else if ((mask & (IN_DELETE_SELF | IN_IGNORED)) !== 0) this.#owner.onEnd('deleted');
    else if ((mask & IN_ATTRIB) !== 0 && this.#reportsAttributes) this.#tree.report('attributes', '', true);
  }

  #overflowed(): void {
    const { root, watches } = this.#tree;
    this.#tree.report('overflow', '', true);
    if (this.#owner.isClosed) return;
    this.#moves.clear();
    this.#tree.takeChecks();
    if (!watches.isInPlace(root)) {
      this.#rootLost();
      return;
    }
    this.#isScanning = true;
    this.#isRescanning = true;
    this.#tree.wantScan(root, SCAN_CHANGED);
  }

  /** No event says what became of it, or that event was lost. */
  #rootLost(): void {
    const { watches } = this.#tree;
    const isGone = watches.look(watches.absolutePath('')) < 0;
    this.#owner.onEnd(isGone ? 'deleted' : 'replaced');
  }

  #scanned(): void {
    this.#isScanning = false;
    this.#scanner.isSilent = false;
    if (this.#isRescanning) {
      this.#isRescanning = false;
      this.#tree.report('rescan', '', true);
    }
    if (!this.#owner.isClosed) this.#owner.onScanned();
  }
}
