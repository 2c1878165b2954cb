import { fstatSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';

import { checkFd, checkInteger, checkOneOf, checkOptions, toBytes, withSystemErrors } from '@osx/errors';

import { badDescriptor } from './internal/bad-descriptor.ts';
import { closeNumber, type FdOrigin } from './internal/close-number.ts';
import { duplicateNumber, type DuplicateOptions } from './internal/duplicate-number.ts';
import { disown, own } from './internal/owned-numbers.ts';
import { checkReadBuffer } from './internal/read-buffer.ts';
import { checkStreamOptions, readableFrom, writableFrom, type StreamOptions } from './internal/streams-from.ts';
import {
  checkTransferOptions,
  type ChunkOptions,
  type TransferOptions,
  type WriteOptions,
} from './internal/transfer-options.ts';
import { Transfers } from './internal/transfers.ts';
import { setNonblocking } from './status-flags.ts';

export interface AdoptOptions {
  /** Who opened it: `'node'` for numbers from `node:fs`, `'native'` (the default) for all others. */
  origin?: FdOrigin | undefined;
}

const CHUNK_BYTES = 64 * 1024;

/**
 * An open file descriptor that has one owner: this object.
 *
 * `close()` closes the number once, however often it is called. An `Fd` that lost its number (closed, released, adopted by
 * another `Fd`, or closed by foreign code and given out again by the kernel to this package) never touches it again;
 * its use is `EBADF`.
 *
 * Reads and writes wait in the event loop: no pool thread, no timer. They work in blocking and in non-blocking mode and
 * never change it, because O_NONBLOCK belongs to the open file description, which other processes may share.
 *
 * **Platform**: Linux; macOS written, not run. Windows has no descriptors in this sense.
 *
 * **Gotchas**: an `Fd` that is collected without `close()` leaves its number open: JavaScript cannot know who else was
 * told the number. Numbers belong to the process, an `Fd` to its thread: hand a number to another thread with
 * `release()` here and `adopt()` there. What a Worker opened is closed when it ends, by `worker.terminate()` too, whoever
 * owns it by then; only an adopted descriptor of origin `'native'` outlives a `terminate()`.
 *
 * @example
 * ```ts
 * import { pipe } from '@osx/fds';
 *
 * const { readEnd, writeEnd } = pipe();
 * using reader = readEnd, writer = writeEnd;
 * const bytes = Buffer.alloc(16);
 * const reading = reader.read(bytes); // waits without a thread
 * await writer.writeAll('hello');
 * console.log(bytes.toString('utf8', 0, await reading)); // hello
 * ```
 */
export class Fd {
  /** Which close the number needs: `fs.closeSync` for `'node'`, close(2) for `'native'`. */
  readonly origin: FdOrigin;
  readonly #number: number;
  /** Why the number is not ours any more. */
  #end: string | undefined;
  #transfers: Transfers | undefined;
  readonly #owner: Parameters<typeof own>[1];

  private constructor(number: number, origin: FdOrigin) {
    this.#number = number;
    this.origin = origin;
    this.#owner = { origin, lose: () => this.#finish('its number belongs to another owner') };
    own(number, this.#owner);
  }

  /**
   * Takes ownership of an open descriptor: from now on this object closes it, and nobody else may.
   *
   * If another `Fd` of this thread owns the number, that one loses it.
   *
   * **Gotchas**: do not adopt what Node will close itself: 0, 1 and 2, a `FileHandle`'s or a socket's. Duplicate it.
   *
   * @param fd The number.
   * @throws {TypeError|RangeError} on a bad argument, before any system call.
   * @throws {SystemError} `EBADF` when it is not open.
   */
  static adopt(fd: number, options: AdoptOptions = {}): Fd {
    const number = checkFd('fd', fd);
    const { origin = 'native' } = checkOptions('options', options) as AdoptOptions;
    checkOneOf('options.origin', origin, ['node', 'native']);
    withSystemErrors(() => fstatSync(number));
    return new Fd(number, origin);
  }

  /** {@link adopt} of what the kernel has just given out. @internal */
  static fresh(number: number, origin: FdOrigin): Fd {
    return new Fd(number, origin);
  }

  /**
   * The number, lent: use it in calls, do not close it.
   *
   * @throws {SystemError} `EBADF` when it was closed, released or lost.
   */
  get number(): number {
    this.#assertOpen('fd');
    return this.#number;
  }

  /** Whether the number is not this object's any more: closed, released or lost. */
  get isClosed(): boolean {
    return this.#end !== undefined;
  }

  /**
   * Closes the descriptor. The second call does nothing. Reads and writes that wait reject with `EBADF`.
   *
   * @throws {SystemError} `EIO`, `ENOSPC`, `EDQUOT` when data of earlier writes was lost; `EBADF` when foreign code had
   *   closed the number. It counts as closed even then.
   */
  close(): void {
    if (this.#end !== undefined) return;
    this.#finish('it was closed');
    closeNumber(this.#number, this.origin);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Gives up ownership: the number stays open, and the caller closes it, as `origin` says. Reads and writes that wait
   * reject with `EBADF`.
   *
   * @returns The number.
   * @throws {SystemError} `EBADF` when it is not this object's any more.
   */
  release(): number {
    this.#assertOpen('fd');
    this.#finish('it was released');
    return this.#number;
  }

  /**
   * A second descriptor for the same open file description: position, status flags and locks are shared.
   *
   * @returns An `Fd` of its own; close it. Close-on-exec unless told otherwise.
   * @throws {SystemError} `EBADF`; `EMFILE`; `EINVAL` when `atLeast` is not below RLIMIT_NOFILE.
   */
  duplicate(options: DuplicateOptions = {}): Fd {
    const { number, origin } = duplicateNumber(this.number, options);
    return Fd.fresh(number, origin);
  }

  /**
   * Reads what is there, at least a byte, waiting for it in the event loop.
   *
   * Concurrent reads are served in the order of their calls. A read that is aborted, timed out or closed has taken
   * nothing. Of regular files it reads at the file position, on this thread, at most 256 KiB a call; use `node:fs` or
   * {@link toReadable} where the disk may be slow.
   *
   * **Gotchas**: a FIFO opened with O_NONBLOCK waits for its first writer instead of reporting end of file. On a
   * terminal or device in blocking mode that another process reads too, that process may take the bytes between the
   * kernel's word and the read, which then waits: such a descriptor needs O_NONBLOCK, or one reader. A pipe or socket
   * does not have this problem (RWF_NOWAIT; Linux 6.4 for pipes).
   *
   * @param buffer Where to; 1 byte or more.
   * @returns Bytes read; 0 at the end of file.
   * @throws {TypeError|RangeError} on a bad argument, before any system call.
   * @throws {SystemError} `EBADF` closed, also while waiting, or not open for reading; `ETIMEDOUT`; `EISDIR`; `EIO` from
   *   a terminal that is gone.
   */
  async read(buffer: NodeJS.ArrayBufferView, options: TransferOptions = {}): Promise<number> {
    const bytes = checkReadBuffer(buffer);
    const checked = checkTransferOptions(options);
    return this.#open('read').move('read', bytes, checked);
  }

  /**
   * Writes what the descriptor takes, at least a byte, waiting for room in the event loop.
   *
   * **Gotchas**: `EPIPE` rejects and does not end the process, because Node ignores SIGPIPE; but once a SIGPIPE
   * listener was added and removed, Node restores the deadly default.
   *
   * @param data Text or bytes; do not change them before the end.
   * @returns Bytes written, which may be fewer than given; 0 only for no data.
   * @throws {TypeError|RangeError} on a bad argument, before any system call.
   * @throws {SystemError} `EPIPE`; `EBADF` closed, also while waiting, or not open for writing; `ETIMEDOUT`; `ENOSPC`.
   */
  async write(data: string | NodeJS.ArrayBufferView, options: WriteOptions = {}): Promise<number> {
    const bytes = toBytes('data', data, options?.encoding);
    const checked = checkTransferOptions(options);
    const transfers = this.#open('write');
    return bytes.byteLength === 0 ? 0 : transfers.move('write', bytes, checked);
  }

  /**
   * Writes everything. Concurrent calls are served in order, each whole.
   *
   * **Gotchas**: after a rejection a part may have been written.
   *
   * @throws As {@link write}.
   */
  async writeAll(data: string | NodeJS.ArrayBufferView, options: WriteOptions = {}): Promise<void> {
    const bytes = toBytes('data', data, options?.encoding);
    const checked = checkTransferOptions(options);
    await this.#open('write').writeAll(bytes, checked);
  }

  /**
   * What comes in, chunk by chunk as it arrives, to the end of file. Leaving the loop leaves the descriptor open.
   *
   * @param options `timeoutMs` holds for each chunk.
   * @throws As {@link read}.
   */
  async *chunks(options: ChunkOptions = {}): AsyncGenerator<Buffer, void, undefined> {
    const { sizeBytes = CHUNK_BYTES, ...rest } = checkOptions('options', options) as ChunkOptions;
    const buffer = Buffer.alloc(checkInteger('options.sizeBytes', sizeBytes, { min: 1, max: 2 ** 30 }));
    for (;;) {
      const count = await this.read(buffer, rest);
      if (count === 0) return;
      yield Buffer.from(buffer.subarray(0, count));
    }
  }

  /** {@link chunks} with its defaults. */
  [Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    return this.chunks();
  }

  /**
   * The number for the `stdio` array of `child_process`, with the description in blocking mode, as programs expect
   * their standard streams: a non-blocking one fails them with EAGAIN.
   *
   * The child gets a copy without close-on-exec; ours stays ours. Close it after `spawn`, or a pipe never ends.
   *
   * @example
   * ```ts
   * import { spawn } from 'node:child_process';
   * import { once } from 'node:events';
   * import { pipe } from '@osx/fds';
   *
   * const { readEnd, writeEnd } = pipe();
   * const child = spawn('echo', ['from the child'], { stdio: ['ignore', writeEnd.toStdio(), 'inherit'] });
   * const ended = once(child, 'close');
   * writeEnd.close();
   * for await (const chunk of readEnd) process.stdout.write(chunk); // from the child
   * readEnd.close();
   * await ended;
   * ```
   */
  toStdio(): number {
    setNonblocking(this, false);
    return this.number;
  }

  /**
   * A Node stream of what comes in. The stream owns the descriptor from now on and closes it at its end; this object
   * is closed.
   *
   * Waits in the event loop; only of regular files Node's pool reads.
   */
  toReadable(options: StreamOptions = {}): Readable {
    const checked = checkStreamOptions(options);
    return readableFrom(this.#handOver(), checked);
  }

  /**
   * A Node stream that writes. The stream owns the descriptor from now on and closes it at its end; this object is
   * closed.
   *
   * Waits in the event loop; only to regular files Node's pool writes.
   */
  toWritable(options: StreamOptions = {}): Writable {
    const checked = checkStreamOptions(options);
    return writableFrom(this.#handOver(), checked);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Fd { ${this.#end === undefined ? this.#number : 'closed'}, origin: '${this.origin}' }`;
  }

  #handOver(): Fd {
    return new Fd(this.release(), this.origin);
  }

  #open(syscall: string): Transfers {
    this.#assertOpen(syscall);
    this.#transfers ??= new Transfers(this.#number);
    return this.#transfers;
  }

  #assertOpen(syscall: string): void {
    if (this.#end !== undefined) throw badDescriptor(this.#end, syscall);
  }

  #finish(end: string): void {
    this.#end = end;
    disown(this.#number, this.#owner);
    this.#transfers?.close((syscall) => badDescriptor(end, syscall));
  }
}
