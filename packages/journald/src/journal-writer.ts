import { checkInteger, checkOneOf, checkOptions, SystemError } from '@osx/errors';

import { checkTargetOptions } from './internal/check-target-options.ts';
import type { CheckedTarget } from './internal/check-target-options.ts';
import { DeliveryQueue } from './internal/delivery-queue.ts';
import { DropCount } from './internal/drop-count.ts';
import { encodeFor } from './internal/encode-for.ts';
import { Fifo } from './internal/fifo.ts';
import { checkPatience, rejected, waitPatiently } from './internal/patience.ts';
import type { Patience } from './internal/patience.ts';
import type { JournalFields } from './journal-fields.ts';
import type { JournalWriterOptions, WhenFull } from './journal-writer-options.ts';

const DONE = Promise.resolve();

/** How long `close()` waits for journald unless told otherwise. */
const CLOSE_TIMEOUT_MS = 1_000;

/**
 * Sends entries to the journal through one socket, in order, with a bounded queue for the time in which journald is busy,
 * stopped or being restarted.
 *
 * An entry goes to journald within `send` when it takes it; otherwise it waits in memory and goes as soon as there is room,
 * told by the kernel. When journald has gone, its return is looked for in growing intervals, of at most a second. Lost entries
 * are counted, and once journald takes entries again it gets one that says how many (`DROPPED_ENTRIES`, a
 * `MESSAGE_ID` of its own).
 *
 * The queue alone does not keep the process alive. At its exit what is queued is handed over as far as journald takes it, for
 * a second at most; a process that is killed loses it.
 *
 * **Platform** Linux with systemd; elsewhere, and where no journal runs, see `fallback` of {@link JournalTargetOptions}.
 * Entries of more than about 200 kB need the optional package `@osx/linux`.
 *
 * **Gotchas** An entry is encoded in the call: objects may be changed afterwards. `dropped` counts what this writer lost;
 * what is in journald's hands when that is killed nobody counts, unless its socket is kept, as systemd does.
 *
 * @example
 * ```ts
 * import { JournalWriter } from '@osx/journald';
 *
 * await using journal = new JournalWriter({ whenFull: 'drop-oldest', identifier: 'shop' });
 * await journal.send({ MESSAGE: 'order taken', PRIORITY: 'info', ORDER: 4711 });
 * await journal.send({ MESSAGE: new Error('no stock'), PRIORITY: 'err', ORDER: 4711 });
 * ```
 * @see https://systemd.io/JOURNAL_NATIVE_PROTOCOL/
 */
export class JournalWriter implements AsyncDisposable {
  readonly #target: CheckedTarget;
  readonly #limit: number;
  readonly #limitBytes: number;
  readonly #whenFull: WhenFull;
  readonly #queue: DeliveryQueue;
  readonly #drops: DropCount;
  /** Calls of `send` for whose entries there is no room yet. */
  readonly #waiting = new Fifo<{ readonly bytes: Buffer; readonly sequence: number; enter(): void }>();
  readonly #flushes = new Set<{ readonly until: number; done(): void }>();
  /** The number of the entry that was sent last. */
  #sequence = 0;
  #closing: Promise<void> | undefined;

  /** @throws {TypeError|RangeError} on a bad option. Nothing is opened yet. */
  constructor(options?: JournalWriterOptions) {
    const given = checkOptions('options', options);
    const { queueLimit = 10_000, queueLimitBytes = 32 * 2 ** 20, whenFull = 'wait' } = given;
    this.#target = checkTargetOptions(given);
    this.#limit = checkInteger('options.queueLimit', queueLimit, { min: 1 });
    this.#limitBytes = checkInteger('options.queueLimitBytes', queueLimitBytes, { min: 1 });
    this.#whenFull = checkOneOf('options.whenFull', whenFull, ['wait', 'drop-oldest', 'drop-newest']);
    this.#queue = new DeliveryQueue(this.#target.choice);
    this.#drops = new DropCount(this.#queue, this.#target.identifier);
  }

  /** Entries that were lost: for want of room, at `close()`, or because they could not be sent at all. */
  get dropped(): number {
    return this.#drops.total;
  }

  /** Entries in memory that journald has not taken yet. */
  get queued(): number {
    return this.#queue.length + this.#waiting.length - (this.#drops.isReporting ? 1 : 0);
  }

  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  /**
   * Sends an entry, or queues it; resolves once it is in journald's hands or in the queue. Fire and forget is fine with
   * `drop-oldest` and `drop-newest`, which resolve at once.
   *
   * @param fields See {@link JournalFields}.
   * @param options `signal`, `timeoutMs`: how long to wait for room. Who gives up has not sent.
   * @throws {TypeError|RangeError} as {@link encodeJournalEntry}; nothing was sent.
   * @throws {SystemError} EBADF: closed. ENOBUFS: as many as `queueLimit` wait already. ETIMEDOUT.
   * @throws {UnsupportedError} An entry larger than a datagram, without `@osx/linux`; it counts as dropped.
   */
  send(fields: JournalFields, options?: Patience): Promise<void> {
    try {
      const patience = options === undefined ? {} : checkPatience(checkOptions('options', options));
      if (this.isClosed) throw new SystemError({ code: 'EBADF', syscall: 'sendmsg', message: 'the writer is closed' });
      // oxlint-disable-next-line typescript/unbound-method -- only its frame is looked for
      const bytes = encodeFor(this.#target, fields, JournalWriter.prototype.send);
      this.#sequence += 1;
      if (this.#waiting.length === 0 && this.#hasRoom(bytes)) return this.#enter(bytes, this.#sequence);
      return this.#whenFull === 'wait' ? this.#awaitRoom(bytes, patience) : this.#drop(bytes);
    } catch (error) {
      return rejected(error);
    }
  }

  /**
   * Resolves once everything that was sent before is in journald's hands, or was dropped, and the report of that too. It keeps
   * the process alive.
   *
   * @throws {SystemError} ETIMEDOUT; everything stays queued then.
   */
  flush(options?: Patience): Promise<void> {
    try {
      const patience = checkPatience(checkOptions('options', options));
      const until = this.#sequence;
      if (this.#isFlushed(until)) return DONE;
      return waitPatiently(patience, (done) => {
        this.#queue.hold();
        const flush = { until, done: () => (leave(), done(null)) };
        const leave = (): void => {
          this.#queue.release();
          this.#flushes.delete(flush);
        };
        this.#flushes.add(flush);
        return leave;
      });
    } catch (error) {
      return rejected(error);
    }
  }

  /**
   * Takes no more entries, waits for journald to take those that are queued, and closes the socket. What is left then
   * counts as dropped. Idempotent.
   *
   * @param options `timeoutMs`: how long to wait; default: 1,000.
   */
  close(options?: { timeoutMs?: number | undefined }): Promise<void> {
    const { timeoutMs = CLOSE_TIMEOUT_MS } = checkPatience(checkOptions('options', options));
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(timeoutMs: number): Promise<void> {
    try {
      if (this.queued > 0 || this.#drops.isReporting) await this.flush({ timeoutMs });
    } catch {
      // Too late: what is left is counted below.
    }
    for (let item = this.#queue.shift(); item !== undefined; item = this.#queue.shift()) item.settle(closedError());
    this.#queue.close();
  }

  #hasRoom(bytes: Buffer): boolean {
    const { length } = this.#queue;
    return length === 0 || (length < this.#limit && this.#queue.bytes + bytes.length <= this.#limitBytes);
  }

  #enter(bytes: Buffer, sequence: number): Promise<void> {
    let failure: Error | null = null;
    this.#queue.push({
      bytes,
      isImpatient: false,
      sequence,
      settle: (error) => {
        failure = error;
        this.#settled(error === null);
      },
    });
    return failure === null ? DONE : rejected(failure);
  }

  #drop(bytes: Buffer): Promise<void> {
    if (this.#whenFull === 'drop-newest') {
      this.#drops.add();
      return DONE;
    }
    while (!this.#hasRoom(bytes)) this.#queue.shift()?.settle(fullError());
    return this.#enter(bytes, this.#sequence);
  }

  #awaitRoom(bytes: Buffer, patience: Patience): Promise<void> {
    if (this.#waiting.length >= this.#limit) return this.#refuse();
    const sequence = this.#sequence;
    return waitPatiently(patience, (done) => {
      this.#queue.hold();
      const waiter = {
        bytes,
        sequence,
        enter: () => {
          this.#queue.release();
          this.#enter(bytes, sequence).then(() => done(null), done);
        },
      };
      this.#waiting.push(waiter);
      return () => {
        this.#waiting.remove(waiter);
        this.#queue.release();
        this.#wakeFlushes();
      };
    });
  }

  /** Nobody awaits: a rejection that nobody handles would end the process for want of room. */
  #refuse(): Promise<void> {
    this.#drops.add();
    const refusal = rejected(fullError());
    refusal.catch(() => {});
    return refusal;
  }

  /** An entry has left the queue. */
  #settled(isSent: boolean): void {
    if (!isSent) this.#drops.add();
    for (let next = this.#waiting.first; next !== undefined && this.#hasRoom(next.bytes); next = this.#waiting.first) {
      this.#waiting.shift();
      next.enter();
    }
    if (isSent) this.#drops.report(() => this.#wakeFlushes());
    this.#wakeFlushes();
  }

  /** A report of lost entries has the number 0: it is waited for. */
  #isFlushed(until: number): boolean {
    const oldest = this.#queue.first?.sequence ?? this.#waiting.first?.sequence ?? Infinity;
    return oldest > until;
  }

  #wakeFlushes(): void {
    for (const flush of this.#flushes) if (this.#isFlushed(flush.until)) flush.done();
  }
}

function fullError(): SystemError {
  return new SystemError({ code: 'ENOBUFS', syscall: 'sendmsg', message: 'the queue of the journal writer is full' });
}

function closedError(): SystemError {
  return new SystemError({
    code: 'EBADF',
    syscall: 'sendmsg',
    message: 'the writer was closed before journald took it',
  });
}
