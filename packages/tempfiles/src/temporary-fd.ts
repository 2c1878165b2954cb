import type { PathLike } from '@osx/errors';

import { runSync } from './internal/calls.ts';
import { explain } from './internal/explain.ts';
import { external } from './internal/explain-place.ts';
import { checkLink, linkFile } from './internal/link-file.ts';
import type { OwnedFile } from './internal/owned-file.ts';
import type { Place } from './internal/place.ts';
import type { LinkOptions } from './link-options.ts';

/** A {@link TemporaryFile} by its descriptor alone; all its calls block. */
export class TemporaryFd<Path extends string | Buffer = string> {
  readonly #owned: OwnedFile;
  readonly #place: Place;

  /** @internal */
  constructor(owned: OwnedFile, place: Place) {
    this.#owned = owned;
    this.#place = place;
  }

  /**
   * The descriptor, lent: use it in calls, do not close it.
   *
   * @throws {SystemError} EBADF (closed).
   */
  get fd(): number {
    return this.#owned.fd;
  }

  /** The same as `fd`: by this name `@osx/fds`, `@osx/fcntl` and others take the object itself. */
  get number(): number {
    return this.#owned.fd;
  }

  /** As {@link TemporaryFile.path}. */
  get path(): Path | null {
    return this.#owned.path === undefined ? null : (external(this.#owned.path, this.#place) as Path);
  }

  /** Whether it was closed. */
  get isClosed(): boolean {
    return this.#owned.isClosed;
  }

  /** As {@link TemporaryFile.linkTo}, blocking. */
  linkTo(path: PathLike, options?: LinkOptions): void {
    const request = checkLink(path, options);
    try {
      runSync(linkFile(this.#owned, request));
    } catch (error) {
      throw explain(error, request.path);
    }
  }

  /** As {@link TemporaryFile.keep}. */
  keep(): Path {
    this.#owned.keep();
    return this.path as Path;
  }

  /** As {@link TemporaryFile.close}, blocking. */
  close(): void {
    runSync(this.#owned.close());
  }

  /** As {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}
