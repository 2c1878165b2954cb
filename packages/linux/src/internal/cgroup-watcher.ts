import { closeSync } from 'node:fs';

import { SystemError } from '@osx/errors';
import { toCString, watchFd, type FdWatch } from '@osx/native-ffi';

import { addWatchError } from './add-watch-error.ts';
import { EAGAIN } from './errno-numbers.ts';
import { inotifyAddWatch, inotifyRead, inotifyRmWatch, openInotifyFd } from './inotify-calls.ts';
import { parseInotifyEvents } from './parse-inotify-events.ts';

/** Told that something may have changed, or that nothing more can be told. */
export interface CgroupListener {
  wake(): void;
  fail(error: Error): void;
}

export interface WatchedPath {
  readonly path: string;
  readonly mask: number;
}

const BUFFER_BYTES = 4096;

/**
 * One inotify descriptor for all waits of a thread, open while there are any: a user has few of them (128 by default).
 * The kernel reports IN_MODIFY when it changes a file that it notifies of, such as cgroup.events.
 */
class CgroupWatcher {
  readonly #fd = openInotifyFd();
  readonly #listeners = new Map<number, Set<CgroupListener>>();
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  readonly #watch: FdWatch;

  constructor() {
    try {
      this.#watch = watchFd(this.#fd, { readable: true }, () => this.#read());
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  get isIdle(): boolean {
    return this.#listeners.size === 0;
  }

  add({ path, mask }: WatchedPath, listener: CgroupListener): () => void {
    const wd = inotifyAddWatch(this.#fd, toCString(path), mask);
    if (wd < 0) throw addWatchError(wd, path);
    const known = this.#listeners.get(wd);
    if (known === undefined) this.#listeners.set(wd, new Set([listener]));
    else known.add(listener);
    return () => this.#remove(wd, listener);
  }

  close(): void {
    this.#watch.close();
    closeSync(this.#fd);
  }

  #remove(wd: number, listener: CgroupListener): void {
    const listeners = this.#listeners.get(wd);
    if (listeners?.delete(listener) !== true || listeners.size > 0) return;
    this.#listeners.delete(wd);
    // EINVAL when the kernel has ended it: just as well.
    inotifyRmWatch(this.#fd, wd);
  }

  #read(): void {
    const count = inotifyRead(this.#fd, this.#buffer, this.#buffer.length);
    if (count === -EAGAIN) return;
    if (count < 0) {
      const error = new SystemError({ errno: count, syscall: 'read' });
      for (const listener of this.#everyone()) listener.fail(error);
      return;
    }
    const woken = new Set<CgroupListener>();
    parseInotifyEvents(this.#buffer.subarray(0, count), ({ wd }) => {
      for (const listener of wd === -1 ? this.#everyone() : (this.#listeners.get(wd) ?? [])) woken.add(listener);
    });
    for (const listener of woken) listener.wake();
  }

  #everyone(): CgroupListener[] {
    return [...this.#listeners.values()].flatMap((listeners) => [...listeners]);
  }
}

let shared: CgroupWatcher | undefined;

/**
 * Wakes the listener whenever one of the paths has changed, from the return on.
 *
 * @returns Ends it.
 * @throws {SystemError} EMFILE, ENOSPC of inotify; ENOENT.
 */
export function listenToPaths(paths: readonly WatchedPath[], listener: CgroupListener): () => void {
  const watcher = (shared ??= new CgroupWatcher());
  const removals: (() => void)[] = [];
  const stop = (): void => {
    for (const remove of removals.splice(0)) remove();
    if (!watcher.isIdle || shared !== watcher) return;
    shared = undefined;
    watcher.close();
  };
  try {
    for (const path of paths) removals.push(watcher.add(path, listener));
  } catch (error) {
    stop();
    throw error;
  }
  return stop;
}
