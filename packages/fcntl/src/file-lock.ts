import { SystemError } from '@osx/errors';

import { releaseKernelLock } from './internal/kernel-lock.ts';
import type { LockableFile } from './internal/lockable-file.ts';
import type { LockRequest } from './internal/lock-request.ts';
import { safeNumber } from './internal/safe-number.ts';
import { handOver } from './internal/waiting-files.ts';
import type { LockKind } from './lock-options.ts';

/**
 * A lock that is held, until `release()`, the end of a `using` block, or the end of the thread or process.
 *
 * **Gotchas** Forgetting it does not release it. Do not close its descriptor by number; whoever duplicates it, or hands
 * it to a child, keeps the lock alive with the duplicate.
 */
export class FileLock implements Disposable, AsyncDisposable {
  readonly #file: LockableFile;
  readonly #request: LockRequest;
  #isReleased = false;

  /** @internal */
  constructor(file: LockableFile, request: LockRequest) {
    this.#file = file;
    this.#request = request;
  }

  /** The path that was given; absolute if it had to wait. */
  get path(): string | Buffer {
    return this.#request.path;
  }

  /**
   * The descriptor that holds the lock, close-on-exec: for reading and writing, or for reading only if shared.
   *
   * @throws {SystemError} EBADF after the release.
   */
  get fd(): number {
    if (!this.#isReleased) return this.#file.fd;
    throw new SystemError({ code: 'EBADF', syscall: 'lock', path: this.path, message: 'the lock was released' });
  }

  get kind(): LockKind {
    return this.#request.kind;
  }

  /** Whether others may hold it at the same time. */
  get shared(): boolean {
    return this.#request.shared;
  }

  /** First byte of the range. */
  get start(): number | bigint {
    return safeNumber(this.#request.start);
  }

  /** Bytes in the range; 0 is to the end of the file and beyond. */
  get length(): number | bigint {
    return safeNumber(this.#request.length);
  }

  get isReleased(): boolean {
    return this.#isReleased;
  }

  /**
   * Releases the lock by closing its descriptor. Idempotent. The longest waiter of this thread, if there is one, has it
   * when this returns.
   *
   * @throws {SystemError} what close(2) says: EBADF when somebody closed the descriptor by number, and the lock with it.
   */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    try {
      releaseKernelLock(this.#file, this.#request);
    } finally {
      handOver(this.#file);
    }
  }

  [Symbol.dispose](): void {
    this.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }
}
