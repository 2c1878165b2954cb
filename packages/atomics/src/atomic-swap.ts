import { SystemError, throwIfAborted } from '@osx/errors';

import { explain } from './internal/explain.ts';
import type { FilePath } from './internal/file-path.ts';
import { runAsync } from './internal/protocol.ts';
import type { SwapDraft } from './internal/swap-draft.ts';
import type { WriteRequest } from './internal/write-request.ts';

/** A file or directory that is being made, and will take a path's place at once: see {@link beginAtomicSwap}. */
export class AtomicSwap implements AsyncDisposable {
  readonly kind: 'file' | 'dir';
  /** As given. */
  readonly path: string | Buffer;
  /** Where to write; a Buffer only where the name is not UTF-8. */
  readonly tempPath: string | Buffer;
  readonly #request: WriteRequest;
  readonly #draft: SwapDraft;
  #state: 'open' | 'committed' | 'aborted' = 'open';
  /** One at a time: an abort waits for the commit under way. */
  #running: Promise<unknown> = Promise.resolve();
  #isEnding = false;

  /** @internal */
  constructor(kind: 'file' | 'dir', request: WriteRequest, draft: SwapDraft) {
    this.kind = kind;
    this.path = request.asked;
    this.tempPath = draft.temporary as FilePath;
    this.#request = request;
    this.#draft = draft;
  }

  /** `committed` from the moment the new content has the path; `aborted` once it never will. */
  get state(): 'open' | 'committed' | 'aborted' {
    return this.#state;
  }

  /**
   * Puts the new file or directory in place. Whatever fails before that aborts the swap; the path stays what it was.
   *
   * @throws {SystemError} as {@link writeFileAtomic}. `ERR_OSX_NOT_OPEN` when it was committed or aborted before.
   * Two come after the commit: `ERR_OSX_NOT_DURABLE` and `ERR_OSX_NOT_REMOVED`. Then the old tree, if there was
   * one, is still there, under `tempPath`.
   */
  async commit(): Promise<void> {
    if (this.#isEnding) {
      const message = `the swap is ${this.#state === 'open' ? 'ending' : this.#state}`;
      throw new SystemError({ code: 'ERR_OSX_NOT_OPEN', syscall: 'rename', path: this.path, message });
    }
    this.#isEnding = true;
    const committing = this.#commit();
    this.#running = committing.catch(() => {});
    await committing;
  }

  async #commit(): Promise<void> {
    try {
      throwIfAborted(this.#request.signal);
      await runAsync(this.#draft.commit(() => (this.#state = 'committed')));
    } catch (error) {
      // Errors of removing are not told: there is one already.
      await this.#discard().catch(() => {});
      throw explain(error, this.path);
    }
    await this.#discard();
  }

  /**
   * Removes the temporary. Idempotent; after the commit it does nothing.
   *
   * @throws {SystemError} when something in it could not be removed.
   */
  async abort(): Promise<void> {
    if (this.#isEnding) {
      await this.#running;
      return;
    }
    this.#isEnding = true;
    this.#running = this.#discard();
    await this.#running;
  }

  async #discard(): Promise<void> {
    if (this.#state === 'open') this.#state = 'aborted';
    await runAsync(this.#draft.discard());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }
}
