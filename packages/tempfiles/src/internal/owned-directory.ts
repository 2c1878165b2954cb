import fs from 'node:fs';

import { SystemError, hasCode } from '@osx/errors';

import { attempt, runSync, type Steps } from './calls.ts';
import { claim, type Claim } from './claim.ts';
import { emptyTree } from './empty-tree.ts';
import type { FilePath } from './file-path.ts';
import { findStillAt, isStillAt } from './identity.ts';
import { delist, enlist, type LiveTemporary } from './live-temporaries.ts';
import { openForRemoval } from './open-for-removal.ts';
import type { Proof } from './temporary-name.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;
const OPEN = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
const MAX_ATTEMPTS = 10;
/** The mark of what is left on purpose. In a directory of one owner's it has no other effect. */
export const KEPT = 0o1000;

/** A directory from just before it is made until it is removed or kept. The descriptor holds the lock, and is its identity. */
export class OwnedDirectory implements LiveTemporary {
  readonly path: FilePath;
  #fd = -1;
  #proof: Proof = 'process';

  constructor(path: FilePath) {
    this.path = path;
    enlist(this);
  }

  /** Takes what was just made at the path. */
  *claim(mode: number, proof: Proof): Steps<Claim> {
    // Just made: what is to be read is in the memory. Without read permission (umask, mode) there is another way.
    try {
      this.#fd = fs.openSync(this.path, OPEN);
    } catch (error) {
      if (hasCode(error, ['ENOENT', 'ENOTDIR', 'ELOOP'])) return 'lost';
      if (!hasCode(error, 'EACCES')) throw error;
      this.#fd = yield* openForRemoval(this.path);
    }
    this.#proof = proof;
    return claim(this.#fd, this.path, mode, proof);
  }

  get fd(): number {
    if (this.#fd >= 0) return this.#fd;
    throw new SystemError({ code: 'EBADF', syscall: 'fd', path: this.path, message: 'it was removed, or kept' });
  }

  /** Removes it with all that is in it. If something else is at its path by now, that is not touched, and neither is its content. */
  *remove(): Steps<void> {
    if (!(yield* findStillAt(this.path, this.#fd, this.#proof === 'lock'))) return this.letGo();
    for (let attempts = 1; ; attempts++) {
      const { error } = yield* attempt('rmdir', this.path);
      if (error === undefined || error.code === 'ENOENT') return this.letGo();
      if (!hasCode(error, ['ENOTEMPTY', 'EEXIST']) || attempts === MAX_ATTEMPTS) throw error;
      const failure = yield* emptyTree(this.#fd, this.path);
      if (failure !== undefined) throw failure;
    }
  }

  /** Closes, which gives up the lock. */
  letGo(): void {
    delist(this);
    if (this.#fd < 0) return;
    const fd = this.#fd;
    this.#fd = -1;
    fs.closeSync(fd);
  }

  /** Leaves it for good: no sweep takes it. */
  keep(): void {
    if (!isStillAt(this.path, this.#fd)) {
      throw new SystemError({ code: 'ENOENT', syscall: 'fchmod', path: this.path });
    }
    fs.fchmodSync(this.#fd, (fs.fstatSync(this.#fd).mode & 0o7777) | KEPT);
    this.letGo();
  }

  /** The lock is held until the process is gone. */
  removeAtEnd(): void {
    if (this.#fd >= 0) runSync(this.#removeOpen());
    else fs.rmdirSync(this.path);
  }

  *#removeOpen(): Steps<void> {
    if (!isStillAt(this.path, this.#fd)) return;
    yield* emptyTree(this.#fd, this.path);
    yield* attempt('rmdir', this.path);
  }
}
