import { watchFd } from '@osx/native-ffi';
import type { FdWatch } from '@osx/native-ffi';

/** As much of a pidfd as a watch needs. */
export interface PinnedByFd {
  readonly fd: number;
  isAlive(): boolean;
  close(): void;
}

/** A pinned process, whose end wakes the event loop. */
export class ProcessWatch {
  readonly #process: PinnedByFd;
  #watch: FdWatch | undefined;
  #isReferenced = false;
  #isClosed = false;

  constructor(process: PinnedByFd) {
    this.#process = process;
  }

  isAlive(): boolean {
    return this.#process.isAlive();
  }

  /** Calls once when it has ended. Keeps nobody alive unless `ref()` says so. */
  start(whenEnded: () => void): void {
    this.#watch = watchFd(this.#process.fd, { readable: true }, () => {
      this.#watch?.close();
      whenEnded();
    });
    if (!this.#isReferenced) this.#watch.unref();
  }

  ref(): void {
    this.#isReferenced = true;
    this.#watch?.ref();
  }

  unref(): void {
    this.#isReferenced = false;
    this.#watch?.unref();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watch?.close();
    this.#process.close();
  }
}
