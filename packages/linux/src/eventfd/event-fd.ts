import { closeSync } from 'node:fs';

import { checkAbortSignal, checkBoolean, checkFd, checkOptions, SystemError } from '@osx/errors';
import { setCloseOnExec, setNonblocking } from '@osx/fds';
import { ownByNode } from '@osx/native-ffi';

import { checkAddend, checkWaitOptions } from '../internal/check-eventfd-arguments.ts';
import { DescriptorReader } from '../internal/descriptor-reader.ts';
import { duplicateUnowned, openEventfd, readEventfd, writeEventfd } from '../internal/eventfd-calls.ts';
import { EventfdWriters } from '../internal/eventfd-writers.ts';
import { readEventfdInfo } from '../internal/read-eventfd-info.ts';
import { ReadIterator } from '../internal/read-iterator.ts';
import type { EventFdOptions, EventFdValuesOptions, EventFdWaitOptions } from './event-fd-options.ts';

/** What `eventfd(2)` takes; more is written afterwards. */
const MAX_INITIAL = 2n ** 32n - 1n;

/**
 * A counter in the kernel that wakes whoever waits for it, in this thread, in a Worker, or in another process: adding never
 * loses a wake-up, and many additions before a read are one wake-up with their sum.
 *
 * **Platform** Linux 2.6.27; semaphores 2.6.30. Works in Workers; the descriptor is closed when the Worker ends.
 *
 * **Gotchas** Everybody who holds the counter takes from the same one: a value goes to one reader.
 *
 * @example
 * ```ts
 * import { EventFd } from '@osx/linux/eventfd';
 *
 * const wakeUps = EventFd.create();
 * setImmediate(() => wakeUps.add(3));
 * console.log(await wakeUps.read()); // 3n
 * wakeUps.close();
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/eventfd.2.html
 */
export class EventFd implements AsyncIterable<bigint>, Disposable {
  /** Whether a read takes 1; undefined for an adopted one where the kernel does not tell (before Linux 6.5). */
  readonly isSemaphore: boolean | undefined;
  readonly #fd: number;
  readonly #reader: DescriptorReader<bigint>;
  readonly #writers: EventfdWriters;
  #isClosed = false;

  private constructor(fd: number, isSemaphore: boolean | undefined) {
    this.#fd = fd;
    this.isSemaphore = isSemaphore;
    this.#reader = new DescriptorReader(fd, () => readEventfd(fd));
    this.#writers = new EventfdWriters(fd);
  }

  /**
   * Makes a counter (`eventfd`), close-on-exec and non-blocking.
   *
   * @param options See {@link EventFdOptions}.
   * @returns A counter to `close()`, by hand or with `using`.
   * @throws {SystemError} EINVAL (`initial` is 2^64 - 1), EMFILE, ENFILE, ENOMEM.
   * @throws {UnsupportedError} where there is no eventfd or no native layer.
   */
  static create(options: EventFdOptions = {}): EventFd {
    const { initial = 0, semaphore = false } = checkOptions('options', options) as EventFdOptions;
    const value = checkAddend('options.initial', initial);
    const isSemaphore = checkBoolean('options.semaphore', semaphore);
    const isLarge = value > MAX_INITIAL;
    const created = new EventFd(openEventfd(isLarge ? 0 : Number(value), isSemaphore), isSemaphore);
    if (isLarge) writeEventfd(created.#fd, value);
    return created;
  }

  /**
   * Takes over an eventfd that was inherited or handed over: in a child, the number at which it stood in `stdio`; in another
   * thread, what {@link duplicateFd} returned. From now on this object closes it.
   *
   * **Gotchas** Makes it non-blocking, for everybody who holds the counter: a blocking read would stop the event loop. In a
   * Worker the number changes.
   *
   * @param fd The number; nobody else may close it from now on.
   * @throws {SystemError} EINVAL (is no eventfd), EBADF. It is not taken over then.
   */
  static fromFd(fd: number): EventFd {
    const number = checkFd('fd', fd);
    const info = readEventfdInfo(number);
    if (info === undefined) {
      throw new SystemError({ code: 'EINVAL', syscall: 'eventfd', message: `descriptor ${number} is no eventfd` });
    }
    setNonblocking(number, true);
    setCloseOnExec(number, true);
    return new EventFd(ownByNode(number), info.isSemaphore);
  }

  /** The descriptor: for the `stdio` of a child, for an epoll, for `/proc/self/fdinfo`. */
  get fd(): number {
    return this.#openFd('eventfd');
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * A second descriptor of the same counter that belongs to nobody: hand the number to another thread, which takes it over
   * with {@link fromFd}.
   *
   * @returns The number, close-on-exec.
   * @throws {SystemError} EMFILE; EBADF (closed).
   */
  duplicateFd(): number {
    return duplicateUnowned(this.#openFd('fcntl'));
  }

  /**
   * What the counter is, without taking it (`eventfd-count` of `/proc/self/fdinfo`).
   *
   * @throws {SystemError} EBADF (closed, or no procfs).
   */
  peek(): bigint {
    return readEventfdInfo(this.#openFd('eventfd'))?.count as bigint;
  }

  /**
   * Adds to the counter at once (`write`), before writes that wait.
   *
   * @param value 0 to 2^64 - 2; default 1. Adding 0 changes nothing.
   * @throws {SystemError} EAGAIN: the counter would go beyond 2^64 - 2 (nothing was added); EINVAL (2^64 - 1); EBADF (closed).
   */
  add(value: bigint | number = 1): void {
    const addend = checkAddend('value', value);
    if (writeEventfd(this.#openFd('write'), addend)) return;
    throw new SystemError({ code: 'EAGAIN', syscall: 'write', message: 'the counter would go beyond 2^64 - 2' });
  }

  /**
   * Adds to the counter, and waits in the event loop while that would be too much. What fits is added before this returns.
   * Writes that wait are served in order.
   *
   * @param value 0 to 2^64 - 2.
   * @param options `signal`, `timeoutMs`; when they end the wait, nothing was added.
   * @throws {SystemError} ETIMEDOUT; EINVAL (2^64 - 1); EBADF (closed, before or meanwhile).
   */
  async write(value: bigint | number, options: EventFdWaitOptions = {}): Promise<void> {
    const addend = checkAddend('value', value);
    const wait = checkWaitOptions(options);
    this.#openFd('write');
    await this.#writers.write(addend, wait);
  }

  /**
   * Takes the counter, or 1 of a semaphore, without waiting.
   *
   * @returns null when the counter is 0.
   * @throws {SystemError} EBADF (closed).
   */
  tryRead(): bigint | null {
    return readEventfd(this.#openFd('read'));
  }

  /**
   * Takes the counter, or 1 of a semaphore, once it is not 0. Reads that wait are served in order.
   *
   * @param options `signal`, `timeoutMs`; when they end the wait, nothing was taken.
   * @throws {SystemError} ETIMEDOUT; EBADF (closed, before or meanwhile).
   */
  async read(options: EventFdWaitOptions = {}): Promise<bigint> {
    const wait = checkWaitOptions(options);
    this.#openFd('read');
    return await this.#reader.read(wait);
  }

  /**
   * Each value as {@link read} takes it. Nothing is taken before it is asked for, so nothing is buffered: what is added
   * meanwhile is summed up in the kernel. Leaving the loop leaves the counter open.
   *
   * @param options `signal` ends the iteration with its reason.
   * @returns An iterator that ends when the counter is closed.
   * @throws {SystemError} EBADF (closed).
   */
  values(options: EventFdValuesOptions = {}): AsyncIterableIterator<bigint, undefined, undefined> {
    const { signal } = checkOptions('options', options) as EventFdValuesOptions;
    checkAbortSignal('options.signal', signal);
    this.#openFd('read');
    return new ReadIterator(this.#reader, { signal, isClosed: () => this.#isClosed });
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<bigint, undefined, undefined> {
    return this.values();
  }

  /** Keeps Node running while something waits for the counter (the default). */
  ref(): this {
    this.#reader.ref();
    this.#writers.ref();
    return this;
  }

  /** Lets Node end although something waits for the counter. */
  unref(): this {
    this.#reader.unref();
    this.#writers.unref();
    return this;
  }

  /** Closes the descriptor; the counter lives while others hold it. Waits reject with EBADF, iterators end. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#reader.close(closedError('read'));
    this.#writers.close(closedError('write'));
    closeSync(this.#fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #openFd(syscall: string): number {
    if (this.#isClosed) throw closedError(syscall);
    return this.#fd;
  }
}

function closedError(syscall: string): SystemError {
  return new SystemError({ code: 'EBADF', syscall, message: 'the eventfd is closed' });
}
