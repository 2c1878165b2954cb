import { RetryTimer } from './retry-timer.ts';
import { watchCloses } from './close-watcher.ts';
import type { FileChange } from './close-watcher.ts';
import { overlaps } from './lock-request.ts';
import type { LockRequest } from './lock-request.ts';
import type { Waiter } from './waiter.ts';

/**
 * The waiters of one file in this thread, longest first. One may ask the kernel when nobody before it could be excluded
 * by it: so of exclusive waiters only the first asks, shared ones go together, and ranges apart do not hinder each other.
 */
export class WaitingFile {
  readonly #waiters = new Set<Waiter>();
  readonly #onEmpty: () => void;
  readonly #timer = new RetryTimer(() => this.tryAll({ checksPath: true }));
  #unwatch: (() => void) | undefined;
  #isWatched = false;
  #isTrying = false;
  #mustTryAgain: { checksPath: boolean } | undefined;

  constructor(onEmpty: () => void) {
    this.#onEmpty = onEmpty;
  }

  isFreeFor(request: LockRequest): boolean {
    for (const waiter of this.#waiters) if (excludes(waiter.request, request)) return false;
    return true;
  }

  add(waiter: Waiter): void {
    waiter.queue = this;
    this.#waiters.add(waiter);
    if (this.#isWatched) return;
    // The holder may have gone between the refusal and the watch: then nothing would tell, so ask once more.
    this.#isWatched = true;
    this.#unwatch = watchCloses(waiter.file.fd, (change) => this.#onChange(change));
    this.#timer.start(this.#unwatch !== undefined);
    this.tryAll();
  }

  remove(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    if (this.#waiters.size > 0 || this.#isTrying) return;
    this.#close();
  }

  /** Lets every waiter whose turn it is ask the kernel. */
  tryAll(options: { checksPath: boolean } = { checksPath: false }): void {
    if (this.#isTrying) {
      this.#mustTryAgain = { checksPath: options.checksPath || this.#mustTryAgain?.checksPath === true };
      return;
    }
    this.#isTrying = true;
    try {
      for (let next: typeof options | undefined = options; next !== undefined; next = this.#mustTryAgain) {
        this.#mustTryAgain = undefined;
        this.#tryInOrder(next.checksPath);
      }
    } finally {
      this.#isTrying = false;
      if (this.#waiters.size === 0) this.#close();
    }
  }

  #tryInOrder(checksPath: boolean): void {
    const refused: LockRequest[] = [];
    for (const waiter of this.#waiters) {
      const { request } = waiter;
      if (refused.some((before) => excludes(before, request) || isSame(before, request))) continue;
      if (!waiter.try(checksPath)) refused.push(request);
    }
  }

  #onChange(change: FileChange): void {
    this.tryAll({ checksPath: change === 'moved' });
    // Linux reports the close before it drops the locks: the next try follows soon.
    if (this.#isWatched) this.#timer.restart();
  }

  #close(): void {
    if (!this.#isWatched) return;
    this.#isWatched = false;
    this.#timer.stop();
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#onEmpty();
  }
}

function excludes(before: LockRequest, request: LockRequest): boolean {
  if ((before.kind === 'flock') !== (request.kind === 'flock')) return false;
  return !(before.shared && request.shared) && overlaps(before, request);
}

function isSame(a: LockRequest, b: LockRequest): boolean {
  return a.kind === b.kind && a.shared === b.shared && a.start === b.start && a.length === b.length;
}
