import { abortReason, SystemError } from '@osx/errors';

import { FileLock } from '../file-lock.ts';
import { acquire, keepIfStillAt } from './acquire.ts';
import { closeUnlocked, syscallOf, tryKernelLock } from './kernel-lock.ts';
import { isStillAt } from './lockable-file.ts';
import type { LockableFile } from './lockable-file.ts';
import type { LockRequest } from './lock-request.ts';
import { enqueue, mayOvertake } from './waiting-files.ts';
import type { WaitingFile } from './waiting-file.ts';

/** What ends waiting early. */
export interface Patience {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
}

/** Someone replaces the file in a loop: the time until it is opened again. */
const MOVED_RETRY_MS = 10;

/** One call that waits for a lock, with the file that it will lock open all the time. */
export class Waiter {
  readonly request: LockRequest;
  readonly promise: Promise<FileLock>;
  /** The queue that it stands in. */
  queue: WaitingFile | undefined;
  #file: LockableFile | undefined;
  readonly #settle: { resolve: (lock: FileLock) => void; reject: (reason: unknown) => void };
  readonly #patience: Patience;
  #timer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;

  constructor(request: LockRequest, patience: Patience) {
    const { promise, ...settle } = Promise.withResolvers<FileLock>();
    this.request = request;
    this.promise = promise;
    this.#settle = settle;
    this.#patience = patience;
    const { signal, timeoutMs } = patience;
    if (timeoutMs !== undefined) this.#timer = setTimeout(() => this.#reject(timedOut(request, timeoutMs)), timeoutMs);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get file(): LockableFile {
    return this.#file as LockableFile;
  }

  /** Waits for the lock of an open file, or for a path that leads to one file long enough. */
  waitFor(file: LockableFile | undefined): void {
    this.#file = file;
    if (file !== undefined) enqueue(this);
    else this.#retryTimer = setTimeout(() => this.#startAgain(), MOVED_RETRY_MS);
  }

  /**
   * Asks the kernel once.
   *
   * @param checksPath Look, even when refused, whether the path still leads to the file.
   * @returns false when it must wait on in this queue; true when it has left it.
   */
  try(checksPath: boolean): boolean {
    try {
      if (tryKernelLock(this.file, this.request)) {
        if (keepIfStillAt(this.file, this.request)) this.#resolve(this.file);
        else this.#startAgain();
        return true;
      }
      if (!checksPath || isStillAt(this.request, this.file)) return false;
      closeUnlocked(this.file);
      this.#startAgain();
    } catch (error) {
      this.#reject(error);
    }
    return true;
  }

  /** The path leads to another file than the one that was open. */
  #startAgain(): void {
    this.#file = undefined;
    this.#leaveQueue();
    try {
      const acquired = acquire(this.request, (file) => mayOvertake(file, this.request));
      if (acquired.state === 'locked') this.#resolve(acquired.file);
      else this.waitFor(acquired.state === 'refused' ? acquired.file : undefined);
    } catch (error) {
      this.#reject(error);
    }
  }

  readonly #onAbort = (): void => this.#reject(abortReason(this.#patience.signal as AbortSignal));

  #resolve(file: LockableFile): void {
    this.#end();
    this.#settle.resolve(new FileLock(file, this.request));
  }

  #reject(reason: unknown): void {
    const file = this.#file;
    this.#file = undefined;
    const queue = this.queue;
    this.#end();
    if (file !== undefined) closeUnlocked(file);
    this.#settle.reject(reason);
    // Whoever stood behind it may be able to go now.
    queue?.tryAll();
  }

  #end(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#retryTimer);
    this.#patience.signal?.removeEventListener('abort', this.#onAbort);
    this.#leaveQueue();
  }

  #leaveQueue(): void {
    this.queue?.remove(this);
    this.queue = undefined;
  }
}

export function timedOut(request: LockRequest, timeoutMs: number): SystemError {
  return new SystemError({
    code: 'ETIMEDOUT',
    syscall: syscallOf(request),
    path: request.path,
    message: `another holds the lock, and did for ${timeoutMs} ms`,
  });
}
