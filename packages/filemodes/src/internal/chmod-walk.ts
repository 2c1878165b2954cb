import { constants, lstatSync, type Stats } from 'node:fs';

import { asSystemError, isSystemError, SystemError, throwIfAborted, UnsupportedError } from '@osx/errors';

import { pathOnlyFlag } from '../select-backend.ts';
import { PERMISSION_BITS, S_IFDIR, S_IFLNK, S_IFMT } from './mode-bits.ts';
import { make, type CallName, type CallOf, type Calls, type TreePath, type Walk } from './tree-calls.ts';
import { planDirectory, type Frame } from './tree-frame.ts';
import { byteStringOf, descriptorPath, kernelPath, shownPath } from './tree-path.ts';

/** What the walk is told to do. */
export interface ChmodPlan {
  readonly path: TreePath;
  readonly followRoot: boolean;
  readonly oneFileSystem: boolean;
  readonly dryRun: boolean;
  readonly signal: AbortSignal | undefined;
  /** The new permissions, or undefined for what is left alone. */
  target(current: number, isDirectory: boolean): number | undefined;
  /** Told of each change; the path is a byte string. */
  onChange(path: string, type: 'file' | 'directory', from: number, to: number): void;
}

/** What a walk came to. */
export interface ChmodCounts {
  changed: number;
  unchanged: number;
  skippedSymlinks: number;
  skippedMounts: number;
  vanished: number;
  readonly errors: SystemError[];
}

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
/** Deeper down, the directories farthest above are closed, and opened again on the way back. */
const MAX_OPEN_FRAMES = 64;

/**
 * The walk of a tree. Everything is reached through the descriptor of the directory that it is in, pinned by O_PATH without
 * following a symlink, looked at and changed through that descriptor: names may be swapped meanwhile as anybody
 * likes, and no path is resolved twice.
 */
export class ChmodWalk {
  readonly #plan: ChmodPlan;
  readonly #counts: ChmodCounts = {
    changed: 0,
    unchanged: 0,
    skippedSymlinks: 0,
    skippedMounts: 0,
    vanished: 0,
    errors: [],
  };
  readonly #frames: Frame[] = [];
  readonly #pin: number;
  readonly #isPrivileged = process.geteuid?.() === 0;
  #device = 0;
  #closedFrames = 0;

  constructor(plan: ChmodPlan) {
    this.#plan = plan;
    this.#pin = pathOnlyFlag('chmodTree');
  }

  *run(): Walk<ChmodCounts> {
    throwIfAborted(this.#plan.signal);
    const { path, followRoot } = this.#plan;
    let pinned: number;
    try {
      pinned = yield* make('open', path, this.#pin | (followRoot ? 0 : O_NOFOLLOW));
    } catch (error) {
      throw asSystemError(error, { path });
    }
    try {
      requireProc(pinned);
      const stats = yield* make('fstat', pinned);
      if (typeBits(stats) === S_IFLNK) throw rootIsSymlink(path);
      this.#device = stats.dev;
      const shown = byteStringOf(path);
      if (typeBits(stats) === S_IFDIR) yield* this.#enter(pinned, stats, shown);
      else yield* this.#changeFile(pinned, stats, shown);
    } finally {
      yield* make('close', pinned);
    }
    return this.#counts;
  }

  /** Walks a tree from its top. */
  *#enter(pinned: number, stats: Stats, path: string): Walk<void> {
    try {
      yield* this.#open(pinned, stats, path);
      for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
        const name = frame.pending.pop();
        if (name === undefined) yield* this.#leave(frame);
        else yield* this.#visit(frame, name, true);
      }
    } finally {
      yield* this.#unwind();
    }
  }

  /** Looks at one name in a directory. Directories in it are left for later, until `isTheirTurn`. */
  *#visit(parent: Frame, name: string, isTheirTurn: boolean): Walk<void> {
    throwIfAborted(this.#plan.signal);
    const path = joined(parent.path, name);
    const pinned = yield* this.#pinEntry(parent, name, path);
    if (pinned === undefined) return;
    try {
      const stats = yield* make('fstat', pinned);
      const type = typeBits(stats);
      if (type === S_IFLNK) this.#counts.skippedSymlinks += 1;
      else if (this.#plan.oneFileSystem && stats.dev !== this.#device) this.#counts.skippedMounts += 1;
      else if (type !== S_IFDIR) yield* this.#changeFile(pinned, stats, path);
      else if (isTheirTurn) yield* this.#open(pinned, stats, path);
      else parent.pending.push(name);
    } finally {
      yield* make('close', pinned);
    }
  }

  *#changeFile(pinned: number, stats: Stats, path: string): Walk<void> {
    const from = stats.mode & PERMISSION_BITS;
    yield* this.#change(pinned, path, 'file', from, this.#plan.target(from, false) ?? from);
  }

  /** Changes a directory, now or later, and looks at what is in it. */
  *#open(pinned: number, stats: Stats, path: string): Walk<void> {
    const from = stats.mode & PERMISSION_BITS;
    const to = this.#plan.target(from, true) ?? from;
    const { first, last } = this.#plan.dryRun ? { first: to } : planDirectory(from, to, this.#isPrivileged);
    if (last === undefined) yield* this.#change(pinned, path, 'directory', from, to);
    else if (first !== undefined) yield* this.#chmod(pinned, path, first);
    const fd = yield* this.#attempt(path, 'open', descriptorPath(pinned), O_RDONLY | O_DIRECTORY);
    if (fd === undefined) {
      if (last !== undefined) yield* this.#change(pinned, path, 'directory', from, to);
      return;
    }
    const frame: Frame = { path, fd, identity: undefined, pending: [], last };
    this.#frames.push(frame);
    if (this.#frames.length - this.#closedFrames > MAX_OPEN_FRAMES) yield* this.#closeHighest();
    yield* this.#readNames(frame);
  }

  *#readNames(frame: Frame): Walk<void> {
    const directory = yield* this.#attempt(frame.path, 'opendir', descriptorPath(frame.fd as number));
    if (directory === undefined) return;
    try {
      for (;;) {
        const names = yield* this.#attempt(frame.path, 'names', directory);
        if (names === undefined || names.length === 0) break;
        for (const name of names) yield* this.#visit(frame, name, false);
      }
    } finally {
      yield* make('closedir', directory);
    }
  }

  /** All that is in a directory has been walked. */
  *#leave(frame: Frame): Walk<void> {
    const { fd, last, path } = frame as OpenFrame;
    // First, for a directory that nobody may enter leads nowhere.
    const parent = yield* this.#reopenParent(fd);
    if (last !== undefined) yield* this.#change(fd, path, 'directory', last.from, last.to);
    this.#frames.pop();
    yield* make('close', fd);
    if (parent === 'lost') this.#abandonFrames();
  }

  /** Ends the walk before its end: closes what is open, and leaves no directory more open to its owner than it shall be. */
  *#unwind(): Walk<void> {
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      const { fd, last, path } = frame as OpenFrame;
      const isMoreToDo = this.#frames.some((one) => one.last?.isOpenedUp === true && one !== frame);
      const parent = isMoreToDo || !this.#isParentClosed() ? yield* this.#reopenParent(fd) : 'lost';
      if (last?.isOpenedUp === true) yield* this.#chmod(fd, path, last.to);
      this.#frames.pop();
      yield* make('close', fd);
      if (parent === 'lost') this.#abandonFrames();
    }
  }

  #isParentClosed(): boolean {
    return this.#closedFrames > 0 && this.#closedFrames === this.#frames.length - 1;
  }

  *#closeHighest(): Walk<void> {
    const frame = this.#frames[this.#closedFrames] as OpenFrame;
    frame.identity = yield* make('identity', frame.fd);
    yield* make('close', frame.fd);
    (frame as Frame).fd = undefined;
    this.#closedFrames += 1;
  }

  /** Opens the directory above the last one again, if it was closed and is still the same. */
  *#reopenParent(fd: number): Walk<'open' | 'lost'> {
    if (!this.#isParentClosed()) return 'open';
    const parent = this.#frames.at(-2) as Frame;
    const above = `${descriptorPath(fd)}/..`;
    const opened = yield* this.#attempt(parent.path, 'open', above, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (opened === undefined) return 'lost';
    if ((yield* make('identity', opened)) !== parent.identity) {
      yield* make('close', opened);
      return 'lost';
    }
    parent.fd = opened;
    this.#closedFrames -= 1;
    return 'open';
  }

  /** Somebody moved a directory away with us in it: nothing leads back to those above it. */
  #abandonFrames(): void {
    this.#closedFrames = 0;
    for (const { path, pending, last } of this.#frames.splice(0)) {
      if (pending.length === 0 && last === undefined) continue;
      const message = 'a directory in it was moved away while it was walked';
      this.#counts.errors.push(new SystemError({ code: 'ESTALE', syscall: 'open', path: shownPath(path), message }));
    }
  }

  *#change(fd: number, path: string, type: 'file' | 'directory', from: number, to: number): Walk<void> {
    if (from === to) {
      this.#counts.unchanged += 1;
      return;
    }
    if (!this.#plan.dryRun && !(yield* this.#chmod(fd, path, to))) return;
    this.#counts.changed += 1;
    this.#plan.onChange(path, type, from, to);
  }

  *#chmod(fd: number, path: string, permissions: number): Walk<boolean> {
    return (yield* this.#attempt(path, 'chmod', descriptorPath(fd), permissions)) !== undefined;
  }

  *#pinEntry(parent: Frame, name: string, path: string): Walk<number | undefined> {
    const entry = kernelPath(joined(descriptorPath(parent.fd as number), name));
    return yield* this.#attempt(path, 'open', entry, this.#pin | O_NOFOLLOW);
  }

  /** Makes a call; its error is noted under the path that the caller knows, and the result is undefined. */
  *#attempt<Name extends CallName>(path: string, ...call: CallOf<Name>): Walk<ReturnType<Calls[Name]> | undefined> {
    try {
      return yield* make(...call);
    } catch (error) {
      const failure = asSystemError(error, { path: shownPath(path) });
      if (!isSystemError(failure)) throw failure;
      // A name that is gone has no permissions to be changed.
      if (failure.code === 'ENOENT' && call[0] === 'open') this.#counts.vanished += 1;
      else this.#counts.errors.push(failure);
      return undefined;
    }
  }
}

type OpenFrame = Frame & { fd: number };

function joined(directory: string, name: string): string {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}

function typeBits(stats: Stats): number {
  return stats.mode & S_IFMT;
}

function requireProc(fd: number): void {
  try {
    lstatSync(descriptorPath(fd));
  } catch (cause) {
    throw new UnsupportedError({ feature: 'chmodTree', requires: '/proc to be mounted', cause });
  }
}

function rootIsSymlink(path: TreePath): SystemError {
  const message = 'is a symbolic link; followRoot: true changes what it leads to';
  return new SystemError({ code: 'ELOOP', syscall: 'chmod', path, message });
}
