import { checked } from '@osx/native-ffi';

import {
  IN_CLOSE_WRITE,
  IN_CREATE,
  IN_DELETE,
  IN_DELETE_SELF,
  IN_DONT_FOLLOW,
  IN_EXCL_UNLINK,
  IN_MASK_ADD,
  IN_MOVE,
  IN_MOVE_SELF,
  IN_ONLYDIR,
} from '../inotify/constants.ts';
import { addWatchError } from './add-watch-error.ts';
import { byteStringToPath } from './byte-name.ts';
import type { DirectoryNode } from './directory-node.ts';
import { EBADF, EINVAL, ENOMEM, ENOSPC } from './errno-numbers.ts';
import { inotifyAddWatch, inotifyRmWatch } from './inotify-calls.ts';

/** Added to what a watch has, so that a second call for the same inode changes nothing. */
const FLAGS = IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK | IN_MASK_ADD;
const EVENTS = IN_CREATE | IN_DELETE | IN_MOVE | IN_CLOSE_WRITE;

/**
 * The watches of a tree, one for each directory. A watch descriptor stands for an inode: that the one at a path is known
 * says which directory is there, better than any inode number.
 */
export class TreeWatches {
  readonly #base: string;
  readonly #mask: number;
  readonly #nodes = new Map<number, DirectoryNode>();
  #fd: number;
  #pathBytes = Buffer.allocUnsafe(512);

  /** @param base Byte string: the root without symbolic links, '' for `/`. */
  constructor(fd: number, base: string, extraMask: number) {
    this.#fd = fd;
    this.#base = base;
    this.#mask = (FLAGS | EVENTS | extraMask) >>> 0;
  }

  get size(): number {
    return this.#nodes.size;
  }

  nodeOf(wd: number): DirectoryNode | undefined {
    return this.#nodes.get(wd);
  }

  absolutePath(relative: string): string {
    if (relative !== '') return `${this.#base}/${relative}`;
    return this.#base === '' ? '/' : this.#base;
  }

  /** The watch of the directory that is at a path now, added if there is none: number or negative errno. */
  addAt(path: string, extraMask = 0): number {
    if (this.#fd === -1) return -EBADF;
    if (path.length >= this.#pathBytes.length) this.#pathBytes = Buffer.allocUnsafe(path.length * 2);
    this.#pathBytes[this.#pathBytes.write(path, 'latin1')] = 0;
    const wd = inotifyAddWatch(this.#fd, this.#pathBytes, (this.#mask | extraMask) >>> 0);
    if (wd === -ENOSPC || wd === -ENOMEM) throw addWatchError(wd, byteStringToPath(path));
    return wd;
  }

  addRoot(root: DirectoryNode): void {
    const path = this.absolutePath('');
    const wd = this.addAt(path, IN_DELETE_SELF | IN_MOVE_SELF);
    if (wd < 0) throw addWatchError(wd, byteStringToPath(path));
    this.bind(root, wd);
  }

  /** Whether a directory is at this moment where the tree has it. */
  isInPlace(node: DirectoryNode): boolean {
    return node.wd !== 0 && this.look(this.absolutePath(node.path)) === node.wd;
  }

  /** A path that leads into an open directory, wherever that is renamed to; undefined when it is not the one of the node. */
  heldPath(node: DirectoryNode, fd: number): string | undefined {
    if (node.wd === 0) return undefined;
    const held = `/proc/self/fd/${fd}`;
    const found = this.look(`${held}/.`);
    if (found >= 0) return found === node.wd ? held : undefined;
    // Without procfs.
    return this.isInPlace(node) ? this.absolutePath(node.path) : undefined;
  }

  /** What is watched at a path; leaves no watch behind that was not there. */
  look(path: string, extraMask = 0): number {
    const wd = this.addAt(path, extraMask);
    if (wd > 0 && !this.#nodes.has(wd)) {
      this.#remove(wd);
      return 0;
    }
    return wd;
  }

  bind(node: DirectoryNode, wd: number): void {
    this.unbind(node);
    node.wd = wd;
    this.#nodes.set(wd, node);
  }

  unbind(node: DirectoryNode): void {
    const { wd } = node;
    if (wd === 0) return;
    this.forget(node);
    this.#remove(wd);
  }

  /** For a watch that the kernel has ended. */
  forget(node: DirectoryNode): void {
    this.#nodes.delete(node.wd);
    node.wd = 0;
  }

  close(): void {
    this.#fd = -1;
    this.#nodes.clear();
  }

  #remove(wd: number): void {
    if (this.#fd === -1) return;
    const result = inotifyRmWatch(this.#fd, wd);
    // EINVAL: the kernel was faster.
    if (result !== -EINVAL) checked(result, 'inotify_rm_watch');
  }
}
