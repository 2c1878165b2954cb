import { closeSync } from 'node:fs';

import {
  checkAbortSignal,
  checkBoolean,
  checkOptions,
  checkTimeoutMs,
  SystemError,
  throwIfAborted,
  UnsupportedError,
} from '@osx/errors';
import { checked, ownByNode } from '@osx/native-ffi';

import { DescriptorReader } from '../internal/descriptor-reader.ts';
import { EAGAIN, ENOSYS } from '../internal/errno-numbers.ts';
import { parseSiginfo, siginfoStruct } from '../internal/parse-siginfo.ts';
import { ReadIterator } from '../internal/read-iterator.ts';
import { refuseUnblocked } from '../internal/refuse-unblocked.ts';
import { packSignalSet } from '../internal/signal-bits.ts';
import { blockSignals, releaseSignals } from '../internal/signal-blocks.ts';
import { signalfd, signalfdRead } from '../internal/signalfd-calls.ts';
import { SFD_CLOEXEC, SFD_NONBLOCK } from '../internal/signalfd-constants.ts';
import { checkSignals, signalfdName } from '../internal/signalfd-signals.ts';
import { currentThreadId } from '../internal/unblocked-threads.ts';
import type { SignalEventsOptions, SignalFdOptions, SignalReadOptions } from './signal-fd-options.ts';
import type { SignalInfo } from './signal-info.ts';

const record = Buffer.alloc(128);

/**
 * Signals as records that are read: who sent each, how, and with which value; none merged with another that the kernel did
 * not merge, and real-time signals in order, each with its value.
 *
 * In a Node process this is possible for two cases. **SIGUSR1**, when it is opened before the thread pool and Workers start: V8's
 * threads block it. And **any signal that is sent to this very thread** (`threadDirected`). For everything else opening is
 * refused, because some thread of V8 would take the signal and the process would end: use `onSignal` of `@osx/signals`.
 *
 * **Platform** Linux 2.6.27, with procfs. Works in Workers; the descriptor is closed when the Worker ends.
 *
 * **Gotchas** While open, the signals are blocked in this thread: listeners of `process.on` hear of them only through other
 * threads, and SIGUSR1 does not start the inspector. Threads (Workers, the thread pool) that start meanwhile inherit
 * the block and keep it. Keep out of the way of SIGPROF (the profiler's).
 *
 * @example
 * ```ts
 * import { SignalFd } from '@osx/linux/signalfd';
 *
 * const signals = SignalFd.open('SIGUSR1');
 * process.kill(process.pid, 'SIGUSR1');
 * const { signal, codeName, pid } = await signals.read();
 * console.log(signal, codeName, pid === process.pid); // SIGUSR1 SI_USER true
 * signals.close();
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/signalfd.2.html
 */
export class SignalFd implements AsyncIterable<SignalInfo>, Disposable {
  /** Names of the signals, in order of their numbers. */
  readonly signals: readonly string[];
  /** Whether it was opened for what is sent to its thread alone. */
  readonly isThreadDirected: boolean;
  /** The kernel's number (gettid) of the thread that it was opened in: where to send to. */
  readonly threadId: number;
  readonly #numbers: readonly number[];
  readonly #fd: number;
  readonly #reader: DescriptorReader<SignalInfo>;
  #isClosed = false;

  private constructor(fd: number, numbers: readonly number[], isThreadDirected: boolean) {
    this.#fd = fd;
    this.#numbers = numbers;
    this.#reader = new DescriptorReader(fd, () => readSignal(fd), { isReadinessOfThread: true });
    this.signals = numbers.map(signalfdName);
    this.isThreadDirected = isThreadDirected;
    this.threadId = currentThreadId();
  }

  /**
   * Blocks the signals in the calling thread (`pthread_sigmask`) and opens a descriptor to read them from (`signalfd`),
   * close-on-exec and non-blocking. Before, every other thread's mask is looked at (`/proc/self/task`), and unless all block
   * the signals it is refused and nothing changed.
   *
   * **Gotchas** With `threadDirected` the look is left out, and the signals are as dangerous as before: sent to the process
   * (by kill, or a terminal's ^C) they end it at once. Where the process ignores a signal or has a handler for it (Node has
   * its own for SIGINT and SIGTERM), either that or this gets what is sent to the process; `codeName` tells `SI_USER`
   * from `SI_TKILL`.
   *
   * @param signals One or several, by name (`'SIGUSR1'`, `'SIGRTMIN+3'`) or number.
   * @param options See {@link SignalFdOptions}.
   * @returns To be closed in the thread that opened it.
   * @throws {TypeError|RangeError} before any system call: SIGKILL and SIGSTOP; SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP,
   *   SIGSYS, which faults raise; 32 and 33, the C library's.
   * @throws {UnsupportedError} ERR_OSX_SIGNAL_NOT_BLOCKED: threads, named in the message, do not block a signal.
   * @throws {SystemError} EMFILE, ENFILE, ENOMEM.
   */
  static open(signals: string | number | readonly (string | number)[], options: SignalFdOptions = {}): SignalFd {
    const numbers = checkSignals(signals);
    const { threadDirected = false } = checkOptions('options', options);
    checkBoolean('options.threadDirected', threadDirected);
    if (!threadDirected) refuseUnblocked(numbers);
    blockSignals(numbers);
    let fd: number | undefined;
    try {
      fd = openSignalFd(numbers);
      return new SignalFd(fd, numbers, threadDirected);
    } catch (error) {
      if (fd !== undefined) closeSync(fd);
      releaseSignals(numbers, () => {});
      throw error;
    }
  }

  /** The descriptor, for `/proc/self/fdinfo`; whoever reads it takes the signals of his own thread. */
  get fd(): number {
    return this.#openFd('signalfd');
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * The next signal that waits; null when there is none. Never waits.
   *
   * @throws {SystemError} EBADF (closed).
   */
  tryRead(): SignalInfo | null {
    return readSignal(this.#openFd('read'));
  }

  /**
   * Waits for the next signal. Several waits are served in order, one signal each.
   *
   * @param options `signal`, `timeoutMs`.
   * @throws {SystemError} ETIMEDOUT; EBADF (closed, before or meanwhile).
   */
  async read(options: SignalReadOptions = {}): Promise<SignalInfo> {
    const { signal, timeoutMs } = checkOptions('options', options);
    throwIfAborted(checkAbortSignal('options.signal', signal));
    const limit = checkTimeoutMs('options.timeoutMs', timeoutMs);
    this.#openFd('read');
    return await this.#reader.read({ signal, timeoutMs: limit });
  }

  /**
   * The signals as an async iterator that ends when the descriptor is closed. Nothing is buffered here: what is not taken
   * waits in the kernel, standard signals once each, real-time signals up to RLIMIT_SIGPENDING.
   *
   * @param options `signal` ends the iteration with its reason.
   * @throws {SystemError} EBADF (closed).
   */
  events(options: SignalEventsOptions = {}): AsyncIterableIterator<SignalInfo, undefined, undefined> {
    const { signal } = checkOptions('options', options);
    checkAbortSignal('options.signal', signal);
    this.#openFd('read');
    return new ReadIterator(this.#reader, { signal, isClosed: () => this.#isClosed });
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<SignalInfo, undefined, undefined> {
    return this.events();
  }

  /** Keeps Node running while something waits for a signal (the default). */
  ref(): this {
    this.#reader.ref();
    return this;
  }

  /** Lets Node end although something waits for a signal. */
  unref(): this {
    this.#reader.unref();
    return this;
  }

  /**
   * Closes the descriptor and gives the thread's mask back as it was found, signal by signal; one that another open
   * `SignalFd` of this thread has stays blocked. What waits unread is dropped first, because unblocked it would end the
   * process. Waits reject with EBADF, iterators end. Idempotent.
   */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#reader.close(closedError('read'));
    try {
      releaseSignals(this.#numbers, (numbers) => dropSignals(this.#fd, numbers));
    } finally {
      closeSync(this.#fd);
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #openFd(syscall: string): number {
    if (this.#isClosed) throw closedError(syscall);
    return this.#fd;
  }
}

function openSignalFd(numbers: readonly number[]): number {
  const fd = signalfd(-1, packSignalSet(numbers), SFD_NONBLOCK | SFD_CLOEXEC);
  if (fd === -ENOSYS) {
    throw new UnsupportedError({ feature: 'signalfd', requires: 'Linux 2.6.27', syscall: 'signalfd' });
  }
  return ownByNode(checked(fd, 'signalfd'));
}

function readSignal(fd: number): SignalInfo | null {
  const count = signalfdRead(fd, record, siginfoStruct.size());
  if (count === -EAGAIN) return null;
  checked(count, 'read');
  return parseSiginfo(record);
}

/** Takes what waits of these signals, and of no others. */
function dropSignals(fd: number, numbers: readonly number[]): void {
  checked(signalfd(fd, packSignalSet(numbers), 0), 'signalfd');
  while (signalfdRead(fd, record, siginfoStruct.size()) > 0);
}

function closedError(syscall: string): SystemError {
  return new SystemError({ code: 'EBADF', syscall, message: 'the signalfd is closed' });
}
