import { mkdirSync, rmdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import {
  checkBoolean,
  checkFunction,
  checkOptions,
  hasCode,
  isUnsupportedError,
  SystemError,
  throwIfAborted,
} from '@osx/errors';

import { CgroupDirectory } from '../internal/cgroup-directory.ts';
import { createError, removeError } from '../internal/cgroup-errors.ts';
import { parseFlatKeyed } from '../internal/cgroup-formats.ts';
import { readIds } from '../internal/cgroup-processes.ts';
import { checkEntryName, checkPid, checkWaitOptions } from '../internal/check-cgroup-arguments.ts';
import { childDirectories } from '../internal/child-directories.ts';
import { readCgroupPath, type FoundCgroup } from '../internal/find-cgroup.ts';
import { killCgroup } from '../internal/kill-cgroup.ts';
import { waitForCgroupFile } from '../internal/wait-for-cgroup-file.ts';
import { CgroupFiles } from './cgroup-files.ts';
import type { CgroupWaitOptions, RemoveCgroupOptions } from './cgroup-options.ts';

/** What `cgroup.events` says. */
export interface CgroupEvents {
  /** Whether there is a process in the cgroup or below; a zombie is none. */
  readonly populated: boolean;
  /** Whether all of them are frozen. */
  readonly frozen: boolean;
}

/**
 * One control group of the v2 hierarchy, and no other: once it is removed, everything says ENODEV, also when there is a new
 * one under its name. Holds no descriptor, and nothing to close.
 *
 * **Platform** Linux 4.5; what needs more says so.
 *
 * **Gotchas** All that is not a promise is a short call to the kernel, but for two: lowering `memory.max` or `memory.high`
 * below what is used makes the kernel reclaim before it answers.
 *
 * @example
 * ```ts
 * import { spawn } from 'node:child_process';
 * import { ownCgroup } from '@osx/linux/cgroups';
 * import { isSystemError } from '@osx/errors';
 *
 * try {
 *   const group = ownCgroup().create(`job-${process.pid}`);
 *   group.add(spawn('sleep', ['60']).pid as number);
 *   await group.kill({ timeoutMs: 5000 });
 *   group.remove();
 * } catch (error) {
 *   console.log(isSystemError(error)); // no cgroup2 here, or not ours to write
 * }
 * ```
 *
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html
 */
export class Cgroup extends CgroupFiles {
  /** Where it is in the hierarchy, as seen from this process's cgroup namespace: `/` is the root. */
  readonly path: string;
  readonly #mount: FoundCgroup['mount'];

  /** @internal */
  constructor({ path, mount, directory }: FoundCgroup) {
    super(directory);
    this.path = path;
    this.#mount = mount;
  }

  /** The last name of the path; '' for the root. */
  get name(): string {
    return basename(this.path);
  }

  /** The cgroup above; null for the root, and where the mount shows nothing above. */
  get parent(): Cgroup | null {
    if (this.path === this.#mount.root) return null;
    return this.#at(dirname(this.path), new CgroupDirectory(dirname(this.directory)));
  }

  /**
   * The cgroups directly below, in the order of their names.
   *
   * @throws {SystemError} ENODEV; EILSEQ for a name that is not UTF-8.
   */
  children(): Cgroup[] {
    return childDirectories(this.own).map((child) => this.#at(join(this.path, basename(child.path)), child));
  }

  /**
   * Makes a cgroup below (`mkdir`).
   *
   * @param name One name: no slash, not `.` or `..`, no newline.
   * @throws {SystemError} EEXIST; EACCES, EROFS; EAGAIN (`cgroup.max.descendants`, `cgroup.max.depth`); ENODEV.
   */
  create(name: string): Cgroup {
    checkEntryName('name', name);
    const path = join(this.directory, name);
    const child = this.own.pinned((pinned) => {
      try {
        mkdirSync(join(pinned, name));
      } catch (error) {
        throw createError(error, path);
      }
      return new CgroupDirectory(path);
    });
    return this.#at(join(this.path, name), child);
  }

  /**
   * Removes it (`rmdir`).
   *
   * @throws {SystemError} EBUSY: it has processes, or cgroups below; EACCES, EROFS; ENODEV (gone already).
   */
  remove(options: RemoveCgroupOptions = {}): void {
    const { recursive = false } = checkOptions('options', options);
    if (checkBoolean('options.recursive', recursive)) for (const child of this.children()) child.remove({ recursive });
    this.own.pinned(() => {});
    try {
      rmdirSync(this.directory);
    } catch (error) {
      throw removeError(error, this.directory);
    }
  }

  /**
   * The pids of the processes in it, not of those below; 0 stands for what another pid namespace has.
   *
   * @throws {SystemError} ENOTSUP for a threaded cgroup: see {@link threads}.
   */
  processes(): number[] {
    return readIds(this.own, 'cgroup.procs');
  }

  /** The ids of the threads in it (Linux 4.14). */
  threads(): number[] {
    return readIds(this.own, 'cgroup.threads');
  }

  /**
   * Moves a process here with all its threads; its children stay where they are.
   *
   * **Gotchas** The pid is a number: it is safe for your own children until they are reaped, and for this process.
   *
   * @param pid Default: this process.
   * @throws {SystemError} ESRCH, EACCES, EBUSY (no internal processes), ENOTSUP (threaded), EINVAL (a kernel thread).
   */
  add(pid: number = process.pid): void {
    this.own.write('cgroup.procs', String(checkPid('pid', pid)));
  }

  /** Moves one thread within the threaded subtree of its process (Linux 4.14). */
  addThread(tid: number): void {
    this.own.write('cgroup.threads', String(checkPid('tid', tid)));
  }

  /** Whether it is populated and frozen, now. */
  events(): CgroupEvents {
    return eventsOf(this.own.read('cgroup.events'));
  }

  /**
   * Resolves with the text of a file once it is as wanted: looked at now, and again when the kernel says that it changed.
   * States in between may go by unseen.
   *
   * @param key A file of which the kernel tells: `cgroup.events`, `memory.events`, `pids.events` and their like.
   * @param isWanted Given the text; what it throws, rejects.
   * @throws {SystemError} ETIMEDOUT; ENODEV (gone, before or meanwhile); EMFILE, ENOSPC (inotify).
   */
  async waitUntil(key: string, isWanted: (text: string) => boolean, options?: CgroupWaitOptions): Promise<string> {
    checkEntryName('key', key);
    checkFunction('isWanted', isWanted);
    return await waitForCgroupFile(this.own, key, isWanted, checkWaitOptions(options));
  }

  /** Resolves when no process is in it or below; also when it is gone. */
  async waitUntilEmpty(options?: CgroupWaitOptions): Promise<void> {
    const wait = checkWaitOptions(options);
    try {
      await waitForCgroupFile(this.own, 'cgroup.events', (text) => !eventsOf(text).populated, wait);
    } catch (error) {
      if (!hasCode(error, 'ENODEV')) throw error;
    }
  }

  /**
   * Stops every process in it and below, and resolves when all have stopped (Linux 5.2).
   *
   * **Gotchas** When the wait ends early, by `signal` or `timeoutMs`, freezing goes on: `thaw()` takes it back.
   *
   * @throws {SystemError} EDEADLK when this process is in it; ETIMEDOUT, EACCES, ENODEV.
   * @throws {UnsupportedError} before Linux 5.2, and for the root.
   */
  async freeze(options?: CgroupWaitOptions): Promise<void> {
    const wait = checkWaitOptions(options);
    throwIfAborted(wait.signal);
    this.#refuseOwn('cgroup.freeze');
    this.own.write('cgroup.freeze', '1');
    await waitForCgroupFile(this.own, 'cgroup.events', (text) => eventsOf(text).frozen, wait);
  }

  /**
   * Lets its processes go on, and resolves when the kernel says so (Linux 5.2).
   *
   * @throws {SystemError} EBUSY: a cgroup above is frozen, and so this one stays; ETIMEDOUT, EACCES, ENODEV.
   */
  async thaw(options?: CgroupWaitOptions): Promise<void> {
    const wait = checkWaitOptions(options);
    throwIfAborted(wait.signal);
    this.own.write('cgroup.freeze', '0');
    for (let above = this.parent; above !== null; above = above.parent) above.#refuseFrozen(this.directory);
    await waitForCgroupFile(this.own, 'cgroup.events', (text) => !eventsOf(text).frozen, wait);
  }

  /**
   * Ends every process in it and below with SIGKILL, those that fork meanwhile too, and resolves when it is empty.
   *
   * `cgroup.kill` (Linux 5.14) does it in one step; before, the cgroup is frozen (5.2), each process is pinned by a pidfd
   * (5.3) and killed, and the cgroup is thawed.
   *
   * **Gotchas** Who is moved in afterwards is not killed but waited for.
   *
   * @throws {SystemError} EDEADLK when this process is in it; ETIMEDOUT; ENOTSUP (threaded); EACCES, ENODEV.
   * @throws {UnsupportedError} before Linux 5.2, and for the root.
   */
  async kill(options?: CgroupWaitOptions): Promise<void> {
    const wait = checkWaitOptions(options);
    throwIfAborted(wait.signal);
    this.#refuseOwn('cgroup.kill');
    await killCgroup(this.own, wait);
    await this.waitUntilEmpty(wait);
  }

  #at(path: string, directory: CgroupDirectory): Cgroup {
    return new Cgroup({ path, mount: this.#mount, directory });
  }

  /** We could not wait for the end of our own freezing, nor of our own life. */
  #refuseOwn(key: string): void {
    const own = readCgroupPath('self');
    if (own !== this.path && !own.startsWith(this.path === '/' ? '/' : `${this.path}/`)) return;
    const message = `this process is in the cgroup; write('${key}', 1) does it nevertheless`;
    throw new SystemError({ code: 'EDEADLK', syscall: 'write', path: `${this.directory}/${key}`, message });
  }

  /** The root has no such file. */
  #isFreezing(): boolean {
    try {
      return this.own.read('cgroup.freeze') === '1';
    } catch (error) {
      if (isUnsupportedError(error)) return false;
      throw error;
    }
  }

  #refuseFrozen(asked: string): void {
    if (!this.#isFreezing()) return;
    const message = `the cgroup above, ${this.path}, is frozen`;
    throw new SystemError({ code: 'EBUSY', syscall: 'write', path: `${asked}/cgroup.freeze`, message });
  }
}

function eventsOf(text: string): CgroupEvents {
  const { populated, frozen } = parseFlatKeyed(text);
  return { populated: populated === 1, frozen: frozen === 1 };
}
