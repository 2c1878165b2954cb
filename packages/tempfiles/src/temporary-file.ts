import type { FileHandle } from 'node:fs/promises';

import type { PathLike } from '@osx/errors';

import { runAsync } from './internal/calls.ts';
import { explain } from './internal/explain.ts';
import { external } from './internal/explain-place.ts';
import { checkLink, linkFile } from './internal/link-file.ts';
import type { OwnedFile } from './internal/owned-file.ts';
import type { Place } from './internal/place.ts';
import type { LinkOptions } from './link-options.ts';

/**
 * An open file that is gone when it is closed, unless it was given a name.
 *
 * **Gotchas** While it has a temporary name it holds a shared `flock(2)` lock on itself, through `fd`; who changes that lock gives
 * the file to the next sweep. A file without a name has no lock.
 */
export class TemporaryFile<Path extends string | Buffer = string> {
  /** The open file, for reading and writing. Close this object instead of it. */
  readonly handle: FileHandle;
  readonly #owned: OwnedFile;
  readonly #place: Place;
  #last: Promise<unknown> = Promise.resolve();

  /** @internal */
  constructor(owned: OwnedFile, place: Place) {
    this.#owned = owned;
    this.#place = place;
    this.handle = owned.handle as FileHandle;
  }

  /**
   * The descriptor, lent: for `stdio` of a child, for instance.
   *
   * @throws {SystemError} EBADF (closed).
   */
  get fd(): number {
    return this.#owned.fd;
  }

  /**
   * Where it is; null while it has no name. Where the file system cannot have files without a name, it has one from the start, which
   * is removed at the end.
   */
  get path(): Path | null {
    return this.#owned.path === undefined ? null : (external(this.#owned.path, this.#place) as Path);
  }

  /** Whether it was closed. */
  get isClosed(): boolean {
    return this.#owned.isClosed;
  }

  /**
   * Gives the file its name, in one step: nobody sees the name without the whole file. From then on it is an ordinary file that
   * closing leaves alone.
   *
   * What has the name already is an error, or, with `replace`, is replaced in one step as by `rename(2)`; a symlink there is not followed but replaced.
   * The mode is that of the file (0600, unless `mode` said otherwise, or `handle.chmod`).
   *
   * **Platform** Linux. Native calls are needed for a file without a name.
   *
   * @param path On the same file system: open the file `beside` it.
   * @throws {SystemError} EEXIST, without `replace`; EXDEV on another file system; ENOENT, EACCES, ENOSPC ...; EALREADY when it
   * has a name. Nothing has changed then. `ERR_OSX_NOT_DURABLE`: it has the name, which may be lost in a power cut.
   * @example
   * ```ts
   * import { readFileSync } from 'node:fs';
   * import { openTemporaryFile } from '@osx/tempfiles';
   *
   * await using file = await openTemporaryFile({ beside: 'report.txt', mode: 0o644 });
   * await file.handle.writeFile('all of it');
   * await file.linkTo('report.txt', { replace: true });
   * console.log(readFileSync('report.txt', 'utf8')); // all of it
   * ```
   * @see https://man7.org/linux/man-pages/man2/linkat.2.html
   */
  async linkTo(path: PathLike, options?: LinkOptions): Promise<void> {
    const request = checkLink(path, options);
    await this.#inTurn(async () => {
      try {
        await runAsync(linkFile(this.#owned, request));
      } catch (error) {
        throw explain(error, request.path);
      }
    });
  }

  /**
   * Leaves a named file where it is, for good: it gets the sticky bit, by which neither a sweep nor `systemd-tmpfiles` takes it.
   *
   * @returns Its path.
   * @throws {SystemError} ENOENT when it has no name; EBADF (closed).
   */
  keep(): Path {
    this.#owned.keep();
    return this.path as Path;
  }

  /**
   * Closes the file, which ends it if it has no name of its own. The second call does nothing. If something else is at its
   * path by now, that is not touched.
   *
   * @throws {SystemError} EIO, ENOSPC when data of earlier writes was lost; EACCES when the name may not be removed, then it stays open.
   */
  async close(): Promise<void> {
    await this.#inTurn(() => runAsync(this.#owned.close()));
  }

  /** As {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
