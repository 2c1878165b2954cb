import { SystemError } from '@osx/errors';

import { runAsync, runSync } from './internal/calls.ts';
import { explain } from './internal/explain.ts';
import { external } from './internal/explain-place.ts';
import type { OwnedDirectory } from './internal/owned-directory.ts';
import type { Place } from './internal/place.ts';

/**
 * A directory that is removed with all that is in it: by {@link TemporaryDirectory.remove}, at the end of a `using` block, and
 * when the process ends.
 *
 * It holds a descriptor with a shared `flock(2)` lock on the directory. While that is held `systemd-tmpfiles` leaves alone
 * the directory and all below it, and so does {@link sweepTemporaryFiles}.
 *
 * **Gotchas** A program that renames it to its final place has made it its own: what is at the path then is looked at, and
 * neither that nor the directory is touched.
 */
export class TemporaryDirectory<Path extends string | Buffer = string> {
  /** Absolute. */
  readonly path: Path;
  readonly #owned: OwnedDirectory;
  #end: 'removed' | 'kept' | undefined;
  #removing: Promise<void> | undefined;

  /** @internal */
  constructor(owned: OwnedDirectory, place: Place) {
    this.#owned = owned;
    this.path = external(owned.path, place) as Path;
  }

  /**
   * The descriptor that holds the lock, lent: a child that gets it over `stdio` keeps the directory from every sweep as long as it lives.
   *
   * @throws {SystemError} EBADF when the directory was removed or kept.
   */
  get fd(): number {
    return this.#owned.fd;
  }

  /** Whether it is not this object's any more: removed, or kept. */
  get isClosed(): boolean {
    return this.#end !== undefined;
  }

  /**
   * Removes the directory with all that is in it. The second call does nothing.
   *
   * Never follows a symlink, also when directories are exchanged for symlinks meanwhile; enters directories that are closed to their own
   * owner; stops at mount points. Goes on when something cannot be removed.
   *
   * @throws {SystemError} the first error, when all else is removed: EACCES, EPERM (immutable, or another user's), EBUSY (something is
   * mounted there), ENOTEMPTY (somebody goes on filling it). The directory stays this object's then; call again.
   */
  remove(): Promise<void> {
    if (this.#end !== undefined) return Promise.resolve();
    this.#removing ??= this.#remove().finally(() => (this.#removing = undefined));
    return this.#removing;
  }

  async #remove(): Promise<void> {
    try {
      await runAsync(this.#owned.remove());
      this.#end = 'removed';
    } catch (error) {
      throw explain(error, this.#owned.path);
    }
  }

  /**
   * As {@link remove}, blocking.
   *
   * @throws {SystemError} EALREADY while `remove()` is at work; else as there.
   */
  removeSync(): void {
    if (this.#end !== undefined) return;
    if (this.#removing !== undefined) {
      throw new SystemError({ code: 'EALREADY', syscall: 'rmdir', path: this.path, message: 'remove() is at work' });
    }
    try {
      runSync(this.#owned.remove());
      this.#end = 'removed';
    } catch (error) {
      throw explain(error, this.#owned.path);
    }
  }

  /**
   * Leaves the directory where it is, for good: it gets the sticky bit, by which no sweep takes it for litter, and gives up its lock.
   *
   * @returns Its path.
   * @throws {SystemError} ENOENT when it is gone, or was renamed.
   */
  keep(): Path {
    if (this.#end === 'kept') return this.path;
    if (this.#end === 'removed' || this.#removing !== undefined) {
      throw new SystemError({ code: 'ENOENT', syscall: 'fchmod', path: this.path });
    }
    this.#owned.keep();
    this.#end = 'kept';
    return this.path;
  }

  /** As {@link removeSync}. */
  [Symbol.dispose](): void {
    this.removeSync();
  }

  /** As {@link remove}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.remove();
  }
}
