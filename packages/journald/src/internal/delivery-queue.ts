import { isSystemError, isUnsupportedError } from '@osx/errors';

import { isPassing } from './datagram-sender.ts';
import { flushAtExit } from './exit-flush.ts';
import { Fifo } from './fifo.ts';
import { LOOK_AGAIN_MS, TargetSelection } from './target-selection.ts';
import type { TargetChoice } from './target-selection.ts';
import { afterAWhile, either } from './wait.ts';
import type { Wait } from './wait.ts';

/** One entry on its way. */
export interface Delivery {
  readonly bytes: Buffer;
  /** Whether it would rather fail than wait for somebody who is not there. */
  readonly isImpatient: boolean;
  /** Its place in the order of its sender. */
  readonly sequence: number;
  /** Told once: null when it was handed over. */
  settle(error: Error | null): void;
}

/** As many in one turn of the event loop, so that others get theirs. */
const BATCH = 64;
/** How long to wait for somebody who is not there: twice as long each time. */
const FIRST_DELAY_MS = 10;
const LONGEST_DELAY_MS = 1_000;
/** At exit, between two looks whether there is room. */
const EXIT_LOOK_MS = 1;

/** Entries in order, handed over as fast as they are taken, at once where that is possible and never waiting for it. */
export class DeliveryQueue {
  readonly #selection: TargetSelection;
  readonly #items = new Fifo<Delivery>();
  #bytes = 0;
  #isPumping = false;
  #wait: Wait | undefined;
  #next: NodeJS.Immediate | undefined;
  #delayMs = FIRST_DELAY_MS;
  #holders = 0;
  #leaveExitFlush: (() => void) | undefined;

  constructor(choice: TargetChoice) {
    this.#selection = new TargetSelection(choice);
  }

  get length(): number {
    return this.#items.length;
  }

  get first(): Delivery | undefined {
    return this.#items.first;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Hands it over now if nothing is before it. */
  push(item: Delivery): void {
    this.#items.push(item);
    this.#bytes += item.bytes.length;
    if (this.#wait === undefined && this.#next === undefined && !this.#isPumping) this.#pump();
    if (this.#items.length > 0) this.#leaveExitFlush ??= flushAtExit(this);
  }

  /** Takes out the one that has waited longest; it is not told. */
  shift(): Delivery | undefined {
    const item = this.#items.shift();
    if (item !== undefined) this.#bytes -= item.bytes.length;
    return item;
  }

  /** Takes one out; it is not told. */
  remove(item: Delivery): void {
    if (this.#items.remove(item)) this.#bytes -= item.bytes.length;
    this.#rest();
  }

  /** Keeps the process alive while something waits here, until it is released as often. */
  hold(): void {
    this.#holders += 1;
    if (this.#holders === 1) this.#wait?.ref();
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) this.#wait?.unref();
  }

  /** Hands over what it can until the deadline, by waiting where it must. */
  drainNow(deadline: number): void {
    this.#cancelWait();
    this.#isPumping = true;
    while (this.#items.length > 0) {
      const outcome = this.#handOverFirst();
      if (outcome === 'away' || (outcome === 'full' && performance.now() >= deadline)) break;
      if (outcome === 'full') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, EXIT_LOOK_MS);
    }
    this.#isPumping = false;
    this.#rest();
  }

  /** Ends it; what is still here is taken out by `shift()`. */
  close(): void {
    this.#cancelWait();
    this.#selection.close();
    this.#leaveExitFlush?.();
    this.#leaveExitFlush = undefined;
  }

  #pump(): void {
    this.#isPumping = true;
    try {
      for (let count = 0; this.#items.length > 0; count += 1) {
        if (count === BATCH) {
          this.#later();
          return;
        }
        const outcome = this.#handOverFirst();
        if (outcome === 'full') {
          this.#awaitRoom();
          return;
        }
        if (outcome === 'away') {
          this.#awaitReturn();
          return;
        }
      }
    } finally {
      this.#isPumping = false;
    }
    this.#rest();
  }

  /** `settled`: it is no longer here. */
  #handOverFirst(): 'settled' | 'full' | 'away' {
    const item = this.#items.first as Delivery;
    try {
      if (this.#selection.current().tryWrite(item.bytes) === 'full') return 'full';
      this.#delayMs = FIRST_DELAY_MS;
      this.#settleFirst(null);
      return 'settled';
    } catch (error) {
      return this.#failed(item, error as Error);
    }
  }

  #failed(item: Delivery, error: Error): 'settled' | 'full' | 'away' {
    if (isPassing(error)) return 'away';
    if (!isSystemError(error) || isUnsupportedError(error)) {
      this.#settleFirst(error);
      return 'settled';
    }
    if (this.#selection.chooseAgain()) return this.#handOverFirst();
    if (!item.isImpatient) return 'away';
    this.#settleFirst(error);
    return 'settled';
  }

  #settleFirst(error: Error | null): void {
    this.shift()?.settle(error);
  }

  #awaitRoom(): void {
    this.#waitBy((again) => {
      try {
        const target = this.#selection.current();
        if (target.kind === 'native') return target.awaitRoom(again);
        return either(
          (done) => target.awaitRoom(done),
          (done) => afterAWhile(done, LOOK_AGAIN_MS),
          again,
        );
      } catch {
        return afterAWhile(again);
      }
    });
  }

  #awaitReturn(): void {
    const delayMs = this.#delayMs;
    this.#delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
    this.#waitBy((again) => afterAWhile(again, delayMs));
  }

  #waitBy(start: (again: () => void) => Wait): void {
    this.#wait = start(() => {
      this.#wait = undefined;
      this.#pump();
    });
    if (this.#holders === 0) this.#wait.unref();
  }

  #later(): void {
    this.#next = setImmediate(() => {
      this.#next = undefined;
      this.#pump();
    });
  }

  #cancelWait(): void {
    this.#wait?.cancel();
    this.#wait = undefined;
    clearImmediate(this.#next);
    this.#next = undefined;
  }

  /** Nothing is here: nothing to be woken for, nothing to do at exit. */
  #rest(): void {
    if (this.#items.length > 0) return;
    this.#cancelWait();
    this.#leaveExitFlush?.();
    this.#leaveExitFlush = undefined;
  }
}
