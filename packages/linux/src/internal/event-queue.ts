import { INOTIFY_EVENT_HEADER_BYTES, INOTIFY_EVENT_MAX_BYTES } from './parse-inotify-events.ts';

/** What waits for the next event of a queue. */
export interface EventWaiter<Event> {
  take(event: Event): void;
  /** The queue has ended; with an error for the first of its waiters, if there was one. */
  end(error: Error | undefined): void;
}

/** The smallest read that takes any one event may bring this many of the smallest. */
export const MIN_READ_EVENTS = INOTIFY_EVENT_MAX_BYTES / INOTIFY_EVENT_HEADER_BYTES;

/** The bounded buffer between the reader of an inotify descriptor and its iterators. */
export class EventQueue<Event> {
  readonly #capacity: number;
  readonly #onRoom: () => void;
  readonly #isUnwanted: (event: Event) => boolean;
  readonly #waiters = new Set<EventWaiter<Event>>();
  #events: Event[] = [];
  #head = 0;
  #wasFull = false;
  #isEnded = false;
  #error: Error | undefined;

  /**
   * @param capacity Events held at most; at least `MIN_READ_EVENTS`.
   * @param onRoom Called when half of the buffer is free again after it was full.
   * @param isUnwanted Asked of each event when it is taken.
   */
  constructor(capacity: number, onRoom: () => void, isUnwanted: (event: Event) => boolean = () => false) {
    this.#capacity = capacity;
    this.#onRoom = onRoom;
    this.#isUnwanted = isUnwanted;
  }

  get length(): number {
    return this.#events.length - this.#head;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** How many events a read may bring now; 0, and `onRoom` later, when the smallest read might not fit. */
  freeSlots(): number {
    const free = this.#capacity - this.length;
    if (free >= MIN_READ_EVENTS) return free;
    this.#wasFull = true;
    return 0;
  }

  push(event: Event): void {
    const [waiter] = this.#waiters;
    if (waiter === undefined) {
      this.#events.push(event);
      return;
    }
    this.#waiters.delete(waiter);
    waiter.take(event);
  }

  /** The oldest event that is still wanted. */
  shift(): Event | undefined {
    let event: Event | undefined;
    do {
      event = this.#events[this.#head];
      if (event === undefined) break;
      this.#head += 1;
    } while (this.#isUnwanted(event));
    this.#dropShifted();
    if (this.#wasFull && this.length <= this.#capacity / 2) {
      this.#wasFull = false;
      this.#onRoom();
    }
    return event;
  }

  wait(waiter: EventWaiter<Event>): void {
    this.#waiters.add(waiter);
  }

  stopWaiting(waiter: EventWaiter<Event>): void {
    this.#waiters.delete(waiter);
  }

  /** Drops what is buffered and ends every waiter; the first of them, now or later, gets the error. */
  end(error?: Error): void {
    this.#isEnded = true;
    this.#events = [];
    this.#head = 0;
    this.#error = error;
    for (const waiter of this.#waiters) waiter.end(this.takeError());
    this.#waiters.clear();
  }

  /** Ends every waiter; what is buffered can still be taken, and after it the error. */
  finish(error?: Error): void {
    this.#isEnded = true;
    this.#error = error;
    for (const waiter of this.#waiters) waiter.end(this.takeError());
    this.#waiters.clear();
  }

  takeError(): Error | undefined {
    const error = this.#error;
    this.#error = undefined;
    return error;
  }

  /** Shifting an array of thousands moves all of it: so a head moves, and the array is cut now and then. */
  #dropShifted(): void {
    if (this.#head < 1024 && this.#head < this.#events.length) return;
    this.#events.splice(0, this.#head);
    this.#head = 0;
  }
}
