import { throwIfAborted } from '@osx/errors';

import { checkData, checkEvents, checkTarget, checkWaitOptions } from '../internal/check-epoll-arguments.ts';
import { DescriptorWait } from '../internal/descriptor-wait.ts';
import { epollClosedError, epollOrphanError } from '../internal/epoll-errors.ts';
import { EpollIterator } from '../internal/epoll-iterator.ts';
import { assertEventLoopCanWait, isEpoll } from '../internal/epoll-nesting.ts';
import { EpollSet } from '../internal/epoll-set.ts';
import type { EpollEvent } from './epoll-event.ts';
import type {
  EpollAddOptions,
  EpollEventsOptions,
  EpollPollOptions,
  EpollTarget,
  EpollWaitOptions,
} from './epoll-options.ts';
import { EpollRegistration } from './epoll-registration.ts';

/** Ends the waits on a queue that was replaced; they start again on the new one. */
const REBUILT = new Error('rebuilt');
/** Those that the event loop waits for. */
const waiting = new Set<Epoll>();

/**
 * An epoll instance in Node's event loop: no thread, no timer, and no event is taken for another's.
 *
 * Each registration has a generation. The kernel gets a token that is never used twice as `epoll_data`; `data`, the user's
 * 64 bits, stays in JavaScript and comes back with each event. So an event is of exactly the `add` or `modify` that its
 * `registration` and `data` tell, whatever became of the number of its descriptor.
 *
 * **Platform** Linux 2.6.27; `EPOLLEXCLUSIVE` 4.5. Works in Workers; the descriptor is closed when the Worker ends.
 *
 * **Gotchas** The kernel registers the open file, not the number: closing a descriptor ends its registration only when no
 * duplicate is open, in this process or in a child. Until then it is reported. `remove` before you close.
 *
 * @example
 * ```ts
 * import { pipe } from '@osx/fds';
 * import { Epoll, EPOLLIN } from '@osx/linux/epoll';
 *
 * using epoll = Epoll.create();
 * const { readEnd, writeEnd } = pipe();
 * epoll.add(readEnd, EPOLLIN, { data: 42n });
 * await writeEnd.writeAll('x');
 * for (const event of await epoll.wait()) console.log(event.names, event.data); // [ 'EPOLLIN' ] 42n
 * readEnd.close();
 * writeEnd.close();
 * ```
 *
 * @see https://man7.org/linux/man-pages/man7/epoll.7.html
 */
export class Epoll implements AsyncIterable<EpollEvent>, Disposable {
  readonly #set = new EpollSet(() => this.#onRebuild());
  #readiness = new DescriptorWait(this.#set.fd, { readable: true }, { keepsWatch: true });
  /** Taken from the kernel by an iterator that was left before their turn. */
  #leftOver: EpollEvent[] = [];
  #waits = 0;
  #hasEpolls = false;
  #isReferenced = true;
  #isClosed = false;

  private constructor() {}

  /**
   * Opens an epoll instance (`epoll_create1`), close-on-exec.
   *
   * @returns An instance to `close()`, by hand or with `using`.
   * @throws {SystemError} EMFILE, ENFILE, ENOMEM.
   * @throws {UnsupportedError} where there is no epoll or no native layer.
   */
  static create(): Epoll {
    return new Epoll();
  }

  /**
   * The descriptor, for another epoll or `/proc/self/fdinfo`. Once it was read, only {@link rebuild} replaces the queue behind it.
   */
  get fd(): number {
    this.#assertOpen('epoll');
    this.#set.isShared = true;
    return this.#set.fd;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** What is registered, as far as this object knows; {@link refresh} compares with the kernel. */
  get registrations(): EpollRegistration[] {
    return this.#set.registrations;
  }

  /**
   * Registers a descriptor (`EPOLL_CTL_ADD`).
   *
   * @param target Stays yours to close, after `remove`.
   * @param events `EPOLL*` bits; 0 asks for EPOLLERR and EPOLLHUP, which always come.
   * @param options `data`, the user's 64 bits.
   * @returns The registration.
   * @throws {SystemError} EEXIST (is registered), EPERM (regular file, directory), ELOOP (epolls nested in a circle, or too
   *   deeply: an epoll that is waited for may have two levels of others inside), EINVAL (this epoll itself; EPOLLEXCLUSIVE with
   *   EPOLLONESHOT, EPOLLRDHUP, EPOLLPRI, or for an epoll), ENOSPC (`fs.epoll.max_user_watches`), EBADF (it or this is closed).
   */
  add(target: EpollTarget, events: number, options: EpollAddOptions = {}): EpollRegistration {
    const fd = checkTarget(target);
    const bits = checkEvents(events);
    const data = checkData(options);
    this.#assertOpen('epoll_ctl');
    const registration = this.#set.add(fd, bits, data);
    if (isEpoll(fd, this.#set.fd)) this.#checkNesting(registration);
    return registration;
  }

  /**
   * Changes what is waited for (`EPOLL_CTL_MOD`), and arms EPOLLONESHOT again. What is ready is reported anew, with
   * EPOLLET too; events that were taken before become stale.
   *
   * @param target A descriptor that is registered, or a registration.
   * @param events `EPOLL*` bits in place of the former; so is `data` of the options.
   * @throws {SystemError} ENOENT (not registered, or replaced since), EINVAL (with EPOLLEXCLUSIVE, now or before: remove and
   *   add instead), EBADF (it or this is closed).
   */
  modify(target: EpollTarget | EpollRegistration, events: number, options: EpollAddOptions = {}): EpollRegistration {
    const checkedTarget = target instanceof EpollRegistration ? target : checkTarget(target);
    const bits = checkEvents(events);
    const data = checkData(options);
    this.#assertOpen('epoll_ctl');
    return this.#set.modify(checkedTarget, bits, data);
  }

  /**
   * Ends a registration (`EPOLL_CTL_DEL`). Once this returns, no event of it is reported, and those taken are stale.
   *
   * @param target A descriptor that is registered, or a registration.
   * @returns false when it was gone already: removed or replaced, or its descriptor closed.
   * @throws {SystemError} ENOENT, EBADF for a descriptor that was never registered here; EBADF (this is closed).
   */
  remove(target: EpollTarget | EpollRegistration): boolean {
    const checkedTarget = target instanceof EpollRegistration ? target : checkTarget(target);
    this.#assertOpen('epoll_ctl');
    return this.#set.remove(checkedTarget);
  }

  /**
   * What is ready now (`epoll_wait` with timeout 0).
   *
   * **Gotchas** If you change registrations while you go through the batch, ask each event for `isStale` first.
   *
   * @returns Events, possibly none.
   * @throws {SystemError} EBADF (closed).
   */
  poll(options: EpollPollOptions = {}): EpollEvent[] {
    const { maxEvents } = checkWaitOptions(options);
    this.#assertOpen('epoll_wait');
    return this.#take(maxEvents);
  }

  /**
   * Resolves with what is ready as soon as anything is (`epoll_wait`). No thread waits.
   *
   * @returns One event or more.
   * @throws {SystemError} ETIMEDOUT; EBADF (closed, before or meanwhile); ELOOP (epolls nested more than two deep inside);
   *   ERR_OSX_ORPHANED_REGISTRATION: a descriptor was closed before it was removed, a duplicate keeps it
   *   ready, and `fd` was read: call {@link rebuild}.
   */
  async wait(options: EpollWaitOptions = {}): Promise<EpollEvent[]> {
    const { maxEvents, signal, timeoutMs } = checkWaitOptions(options);
    throwIfAborted(signal);
    const deadline = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
    for (;;) {
      this.#assertOpen('epoll_wait');
      const events = this.#take(maxEvents);
      if (events.length > 0) return events;
      if (this.#set.hasOrphan) throw epollOrphanError();
      await this.#whenReady(signal, deadline === undefined ? undefined : Math.max(0, deadline - performance.now()));
    }
  }

  /**
   * Events one by one; one whose registration was removed, replaced or modified since its batch was taken is dropped. What
   * stays ready is reported again in each batch; between two batches the event loop has its turn. Nothing is taken from
   * the kernel before it is asked for, and leaving the loop loses nothing.
   *
   * @param options `maxEvents` of a batch; `signal` ends the iteration with its reason.
   * @returns An iterator that ends when the instance is closed.
   * @throws {SystemError} EBADF (closed).
   */
  events(options: EpollEventsOptions = {}): AsyncIterableIterator<EpollEvent, undefined, undefined> {
    const { maxEvents, signal } = checkWaitOptions(options);
    this.#assertOpen('epoll_wait');
    return new EpollIterator(
      {
        wait: (stop) => this.wait({ maxEvents, signal: stop }),
        isClosed: () => this.#isClosed,
        giveBack: (events) => this.#leftOver.push(...events),
      },
      signal,
    );
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<EpollEvent, undefined, undefined> {
    return this.events();
  }

  /**
   * Compares with the kernel (`/proc/self/fdinfo`) and ends the registrations that are gone with their files.
   *
   * @returns Those that turned out to be gone.
   * @throws {SystemError} EBADF (closed), ENOENT (no procfs).
   */
  refresh(): EpollRegistration[] {
    this.#assertOpen('epoll');
    return this.#set.refresh();
  }

  /**
   * Puts a new queue behind the same number, with the registrations whose descriptors are still open and the same: the only
   * way to be rid of one whose descriptor was closed while a duplicate is open. Done by itself when such a one reports,
   * unless `fd` was read.
   *
   * **Gotchas** An epoll around this one, or a child, keeps the old queue: add it anew there. EPOLLET reports once more.
   *
   * @returns The registrations that ended.
   * @throws {SystemError} EMFILE, ENFILE; EBADF (closed).
   */
  rebuild(): EpollRegistration[] {
    this.#assertOpen('epoll');
    return this.#set.rebuild();
  }

  /** Keeps Node running while something waits for events (the default). */
  ref(): this {
    this.#isReferenced = true;
    this.#readiness.ref();
    return this;
  }

  /** Lets Node end although something waits for events. */
  unref(): this {
    this.#isReferenced = false;
    this.#readiness.unref();
    return this;
  }

  /** Closes the instance; what was registered stays open. Pending waits reject with EBADF, iterators end. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#readiness.close(epollClosedError('epoll_wait'));
    this.#set.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** What an iterator left over comes first, without the kernel, which might report the same once more. */
  #take(maxEvents: number): EpollEvent[] {
    let events = this.#leftOver.filter((event) => !event.isStale);
    if (events.length === 0) events = this.#set.take(maxEvents);
    this.#leftOver = events.splice(maxEvents);
    return events;
  }

  async #whenReady(signal: AbortSignal | undefined, timeoutMs: number | undefined): Promise<void> {
    if (this.#hasEpolls) assertEventLoopCanWait(this.#set.fd);
    this.#waits += 1;
    waiting.add(this);
    try {
      await this.#readiness.wait({ signal, timeoutMs });
    } catch (error) {
      if (error !== REBUILT) throw error;
    } finally {
      this.#waits -= 1;
      if (this.#waits === 0) waiting.delete(this);
    }
  }

  #onRebuild(): void {
    const before = this.#readiness;
    this.#readiness = new DescriptorWait(this.#set.fd, { readable: true }, { keepsWatch: true });
    if (!this.#isReferenced) this.#readiness.unref();
    before.close(REBUILT);
  }

  /** An epoll was added: takes it out again when the event loop could not wait any more for what it waits for now. */
  #checkNesting(registration: EpollRegistration): void {
    this.#hasEpolls = true;
    try {
      for (const epoll of waiting) assertEventLoopCanWait(epoll.#set.fd);
    } catch (error) {
      this.#set.remove(registration);
      throw error;
    }
  }

  #assertOpen(syscall: string): void {
    if (this.#isClosed) throw epollClosedError(syscall);
  }
}
