import { closeSync } from 'node:fs';

import { pollInEventLoop, type EventLoopPoll, type MakePoll } from './event-loop-poll.ts';
import { ownedDuplicate } from './owned-duplicate.ts';
import { readinessQueue, type Readiness, type ReadinessQueue } from './readiness-queue.ts';

/** A duplicate of a descriptor, in a queue of its own, polled by the event loop. */
export class DescriptorWatch {
  readonly #duplicate: number;
  readonly #queue: ReadinessQueue;
  readonly #poll: EventLoopPoll;
  #isClosed = false;

  constructor(fd: number, onReady: (ready: Readiness) => void, makePoll: MakePoll = pollInEventLoop) {
    this.#duplicate = ownedDuplicate(fd);
    let queue: ReadinessQueue | undefined;
    try {
      queue = readinessQueue(this.#duplicate);
      this.#queue = queue;
      this.#poll = makePoll(queue.fd, () => this.#onReadable(onReady));
    } catch (error) {
      queue?.close();
      closeSync(this.#duplicate);
      throw error;
    }
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  update(events: Readiness): void {
    if (this.#isClosed) return;
    this.#queue.want(events);
    if (events.readable || events.writable) this.#poll.start();
    else this.#poll.stop();
  }

  ref(): void {
    if (!this.#isClosed) this.#poll.ref();
  }

  unref(): void {
    if (!this.#isClosed) this.#poll.unref();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#poll.close();
    this.#queue.close();
    closeSync(this.#duplicate);
  }

  #onReadable(onReady: (ready: Readiness) => void): void {
    if (this.#isClosed) return;
    const ready = this.#queue.ready();
    if (!ready.readable && !ready.writable) return;
    try {
      onReady(ready);
    } catch (error) {
      // An exception that reaches koffi's frame would come up later, in an unrelated native call.
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
