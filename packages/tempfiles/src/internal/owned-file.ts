import fs from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

import { SystemError } from '@osx/errors';

import { attempt, make, type Steps } from './calls.ts';
import { claim, type Claim } from './claim.ts';
import type { FilePath } from './file-path.ts';
import { findStillAt, isStillAt } from './identity.ts';
import { delist, enlist, type LiveTemporary } from './live-temporaries.ts';
import { unlock } from './locks.ts';
import { KEPT } from './owned-directory.ts';
import type { Proof } from './temporary-name.ts';

/** How a file was opened: by a FileHandle, which then owns the descriptor, or as a number. */
export type Opened = { readonly handle: FileHandle } | { readonly fd: number };

/**
 * - `unnamed`: nothing has to be removed.
 * - `temporary`: has a name that must not outlive us.
 * - `published`: has the name that it was made for.
 * - `kept`: has its temporary name for good.
 */
type State = 'unnamed' | 'temporary' | 'published' | 'kept';

/** A temporary file from just before it is made until it is closed. */
export class OwnedFile implements LiveTemporary {
  state: State;
  /** Its name, if it has one. */
  path: FilePath | undefined;
  isClosed = false;
  #opened: Opened | undefined;
  #proof: Proof = 'process';

  private constructor(path: FilePath | undefined, opened: Opened | undefined) {
    this.path = path;
    this.#opened = opened;
    this.state = path === undefined ? 'unnamed' : 'temporary';
    if (path !== undefined) enlist(this);
  }

  static unnamed(opened: Opened): OwnedFile {
    return new OwnedFile(undefined, opened);
  }

  /** One that is about to be made. */
  static named(path: FilePath): OwnedFile {
    return new OwnedFile(path, undefined);
  }

  get fd(): number {
    const opened = this.isClosed ? undefined : this.#opened;
    const fd = opened === undefined ? -1 : 'handle' in opened ? opened.handle.fd : opened.fd;
    if (fd < 0) throw new SystemError({ code: 'EBADF', syscall: 'fd', message: 'the temporary file is closed' });
    return fd;
  }

  get handle(): FileHandle | undefined {
    return this.#opened !== undefined && 'handle' in this.#opened ? this.#opened.handle : undefined;
  }

  /** Takes what was just made and opened. */
  claim(opened: Opened, mode: number, proof: Proof): Claim {
    this.#opened = opened;
    this.#proof = proof;
    return claim(this.fd, this.path as FilePath, mode, proof);
  }

  /** It has the name that it was made for: nothing is removed any more, and the lock is given up. */
  publish(path: FilePath): void {
    if (this.state === 'temporary') this.#letGo();
    this.state = 'published';
    this.path = path;
  }

  keep(): void {
    if (this.state === 'kept' || this.state === 'published') return;
    const { fd, path } = this;
    if (path === undefined || !isStillAt(path, fd)) {
      const message = path === undefined ? 'a file without a name cannot be kept; give it one by linkTo()' : undefined;
      throw new SystemError({ code: 'ENOENT', syscall: 'fchmod', path, message });
    }
    fs.fchmodSync(fd, (fs.fstatSync(fd).mode & 0o7777) | KEPT);
    this.#letGo();
    this.state = 'kept';
  }

  #letGo(): void {
    delist(this);
    if (this.#proof === 'lock') unlock(this.fd);
  }

  /** Closes it, and removes its temporary name if it has one and that is still its own. */
  *close(): Steps<void> {
    if (this.isClosed) return;
    if (this.state === 'temporary') yield* this.#removeName(this.path as FilePath);
    delist(this);
    yield* this.#close();
  }

  *#removeName(path: FilePath): Steps<void> {
    if (this.#isOpen && !(yield* findStillAt(path, this.fd, this.#proof === 'lock'))) return;
    const { error } = yield* attempt('unlink', path);
    if (error !== undefined && error.code !== 'ENOENT') throw error;
  }

  /** One whose making failed. */
  *abandon(wasMade: boolean): Steps<void> {
    if (wasMade) yield* attempt('unlink', this.path as FilePath);
    delist(this);
    yield* this.#close();
  }

  /** The program may have closed the handle itself. Then the random name alone says that the file is ours. */
  get #isOpen(): boolean {
    return this.#opened !== undefined && (!('handle' in this.#opened) || this.#opened.handle.fd >= 0);
  }

  *#close(): Steps<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    if (this.#opened === undefined) return;
    if ('handle' in this.#opened) yield* make('closeHandle', this.#opened.handle);
    else yield* make('close', this.#opened.fd);
  }

  removeAtEnd(): void {
    const path = this.path as FilePath;
    if (!this.#isOpen || isStillAt(path, this.fd)) fs.unlinkSync(path);
  }
}
