import { constants, lstatSync, type Dir, type Stats } from 'node:fs';

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
 * The walk of a tree. Everything is reached through the descriptor of the directory that it is in, pinned by O_PATH
 * without following a symlink, looked at and changed through that descriptor: names may be swapped meanwhile as anybody
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
      yield* this.#lookAtTop(pinned, path);
      yield* this.#walkFrames();
    } finally {
      yield* this.#unwind();
    }
    return this.#counts;
  }

  *#lookAtTop(pinned: number, path: TreePath): Walk<void> {
    try {
      requireProc(pinned);
      const stats = yield* make('fstat', pinned);
      if (typeBits(stats) === S_IFLNK) throw rootIsSymlink(path);
      this.#device = stats.dev;
      yield* this.#apply(pinned, stats, byteStringOf(path));
    } finally {
      yield* make('close', pinned);
    }
  }

  /** Flat: what `yield` hands through many generators costs more than the call. */
  *#walkFrames(): Walk<void> {
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      throwIfAborted(this.#plan.signal);
      const name = frame.names.pop();
      if (name !== undefined) yield* this.#visit(frame, name, false);
      else if (frame.directory !== undefined) yield* this.#readNames(frame, frame.directory);
      else if (frame.pending.length > 0) yield* this.#visit(frame, frame.pending.pop() as string, true);
      else yield* this.#leave(frame);
    }
  }

  /** Looks at one name in a directory. Directories in it are left for later, until `isTheirTurn`. */
  *#visit(parent: Frame, name: string, isTheirTurn: boolean): Walk<void> {
    const path = joined(parent.path, name);
    const entry = kernelPath(joined(descriptorPath(parent.fd as number), name));
    let pinned: number;
    try {
      pinned = (yield ['open', entry, this.#pin | O_NOFOLLOW]) as number;
    } catch (error) {
      this.#record(error, 'open', path);
      return;
    }
    try {
      const stats = (yield ['fstat', pinned]) as Stats;
      const type = typeBits(stats);
      if (type === S_IFLNK) this.#counts.skippedSymlinks += 1;
      else if (this.#plan.oneFileSystem && stats.dev !== this.#device) this.#counts.skippedMounts += 1;
      else if (type === S_IFDIR && !isTheirTurn) parent.pending.push(name);
      else yield* this.#apply(pinned, stats, path);
    } finally {
      yield ['close', pinned];
    }
  }

  *#apply(pinned: number, stats: Stats, path: string): Walk<void> {
    const from = stats.mode & PERMISSION_BITS;
    const isDirectory = typeBits(stats) === S_IFDIR;
    const to = this.#plan.target(from, isDirectory) ?? from;
    if (isDirectory) yield* this.#enter(pinned, path, from, to);
    else yield* this.#change(pinned, path, 'file', from, to);
  }

  /** Changes a directory, now or later, and begins to read it. */
  *#enter(pinned: number, path: string, from: number, to: number): Walk<void> {
    const { first, last } = this.#plan.dryRun ? { first: to } : planDirectory(from, to, this.#isPrivileged);
    if (last === undefined) yield* this.#change(pinned, path, 'directory', from, to);
    else if (first !== undefined) yield* this.#chmod(pinned, path, first);
    const fd = yield* this.#attempt(path, 'open', descriptorPath(pinned), O_RDONLY | O_DIRECTORY);
    if (fd === undefined) {
      if (last !== undefined) yield* this.#change(pinned, path, 'directory', from, to);
      return;
    }
    const frame: Frame = { path, fd, identity: undefined, directory: undefined, names: [], pending: [], last };
    this.#frames.push(frame);
    if (this.#frames.length - this.#closedFrames > MAX_OPEN_FRAMES) yield* this.#closeHighest();
    frame.directory = yield* this.#attempt(path, 'opendir', descriptorPath(fd));
  }

  *#readNames(frame: Frame, directory: Dir): Walk<void> {
    frame.names = (yield* this.#attempt(frame.path, 'names', directory)) ?? [];
    if (frame.names.length === 0) yield* this.#closeDirectory(frame);
  }

  *#closeDirectory(frame: Frame): Walk<void> {
    const { directory } = frame;
    frame.directory = undefined;
    if (directory !== undefined) yield* make('closedir', directory);
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
      yield* this.#closeDirectory(frame);
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
    try {
      yield ['chmod', descriptorPath(fd), permissions];
      return true;
    } catch (error) {
      this.#record(error, 'chmod', path);
      return false;
    }
  }

  /** Makes a call; its error is noted under the path that the caller knows, and the result is undefined. */
  *#attempt<Name extends CallName>(path: string, ...call: CallOf<Name>): Walk<ReturnType<Calls[Name]> | undefined> {
    try {
      return yield* make(...call);
    } catch (error) {
      this.#record(error, call[0], path);
      return undefined;
    }
  }

  #record(error: unknown, call: CallName, path: string): void {
    const failure = asSystemError(error, { path: shownPath(path) });
    if (!isSystemError(failure)) throw failure;
    // A name that is gone has no permissions to be changed.
    if (failure.code === 'ENOENT' && call === 'open') this.#counts.vanished += 1;
    else this.#counts.errors.push(failure);
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
