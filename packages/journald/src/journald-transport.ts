import { checkOptions, SystemError } from '@osx/errors';

import { checkRules } from './internal/loggers/checked-rules.ts';
import type { LoggerRules } from './internal/loggers/checked-rules.ts';
import { extendLate, NotFoundYet } from './internal/loggers/late-base.ts';
import { OWN_THREAD_QUEUE } from './internal/loggers/own-thread-queue.ts';
import { plainWinstonEntry, winstonEntry } from './internal/loggers/winston-entry.ts';
import type { WinstonInfo } from './internal/loggers/winston-entry.ts';
import { winstonTransportClass } from './internal/loggers/winston-base.ts';
import type { WinstonTransportClass, WinstonTransportOptions } from './internal/loggers/winston-base.ts';
import { JournalWriter } from './journal-writer.ts';
import type { JournalWriterOptions } from './journal-writer-options.ts';
import type { LoggerOptions } from './logger-options.ts';

/** Options of {@link JournaldTransport}. */
export interface JournaldTransportOptions extends LoggerOptions, WinstonTransportOptions {}

/**
 * A transport of winston whose infos become entries of the journal.
 *
 * The `message` is `MESSAGE`, the level `PRIORITY` (by name: the npm, cli and syslog sets) and `LEVEL`, a `timestamp`
 * `SYSLOG_TIMESTAMP`, an Error the fields `ERROR_*`; every other key is a field of its name in upper case, objects as JSON. The
 * text that a `format` makes is not used.
 *
 * `logged` is emitted for each entry that journald or the queue has. What could not be kept is a `warn` event with the reason, of
 * the transport and its logger; there is no `error`, which would end a program for want of its log. The queue (100,000
 * entries, 32 MiB) drops the oldest when it is full; with `whenFull: 'wait'` the logger waits. `finish` comes when journald has
 * everything, or after a second.
 *
 * **Platform** as {@link JournalWriter}. winston 3 must be installed beside this package.
 *
 * **Gotchas** Keys become names as with pino's stream. `format.colorize({ message: true })` colours the journal too.
 *
 * @throws {TypeError|RangeError} on a bad option.
 * @throws {UnsupportedError} where there is no winston.
 * @example
 * ```ts
 * import { JournaldTransport } from '@osx/journald/winston';
 * import { createLogger } from 'winston';
 *
 * const logger = createLogger({ transports: [new JournaldTransport({ identifier: 'shop' })] });
 * logger.info('order taken', { order: 4711 });
 * logger.end();
 * ```
 * @see https://github.com/winstonjs/winston#transports
 */
export class JournaldTransport extends (NotFoundYet as WinstonTransportClass) {
  readonly #options: JournalWriterOptions;
  readonly #rules: LoggerRules;
  readonly #waitAt: number;
  #writer: JournalWriter | undefined;
  /** Those of former writers. */
  #dropped = 0;
  #lostBefore = 0;
  #isFull = false;
  #isEnding = false;

  constructor(options?: JournaldTransportOptions) {
    extendLate(JournaldTransport, winstonTransportClass);
    const given = checkOptions('options', options);
    super(given);
    // winston-transport's logs everything that waits, whatever `log` waits for.
    Object.assign(this, { _writev: undefined });
    const { queueLimit = OWN_THREAD_QUEUE.queueLimit, whenFull = OWN_THREAD_QUEUE.whenFull } = given;
    this.#rules = checkRules(given);
    this.#waitAt = whenFull === 'wait' ? queueLimit : Infinity;
    this.#options = { ...given, queueLimit, whenFull, callSite: false };
    // Checks the options; opens nothing.
    this.#writer = new JournalWriter(this.#options);
  }

  /** Entries that were lost, see `dropped` of JournalWriter. */
  get dropped(): number {
    return this.#dropped + (this.#writer?.dropped ?? 0);
  }

  /** What winston calls for each info that is to be logged. */
  log(info: object, callback?: () => void): boolean {
    const writer = (this.#writer ??= new JournalWriter(this.#options));
    const sent = this.#send(writer, info as WinstonInfo);
    this.#tellOfLoss(writer);
    if (writer.queued < this.#waitAt) callback?.();
    else void sent.then(() => this.#goOn(callback));
    return true;
  }

  /** winston ends its transports before it has handed them what they held up: the end comes after that. */
  override end(...args: unknown[]): this {
    this.#isEnding = true;
    if (this.#isHeldUp()) return this;
    return super.end(...(args as []));
  }

  /** Resolves once journald has what was logged before. */
  async flush(): Promise<void> {
    await this.#writer?.flush();
  }

  /** Hands over what is queued, for a second at most, and closes the socket; what is logged later opens another. */
  close(): void {
    void this.#close();
  }

  override _final(callback: (error?: Error | null) => void): void {
    void this.#close().then(() => callback());
  }

  #goOn(callback: (() => void) | undefined): void {
    callback?.();
    if (this.#isEnding) setImmediate(() => void (this.writableLength > 0 || this.end()));
  }

  #isHeldUp(): boolean {
    return (this.parent?.readableLength ?? 0) > 0;
  }

  async #close(): Promise<void> {
    const writer = this.#writer;
    if (writer === undefined) return;
    this.#writer = undefined;
    await writer.close();
    this.#dropped += writer.dropped;
  }

  async #send(writer: JournalWriter, info: WinstonInfo): Promise<void> {
    try {
      await this.#sendWhole(writer, info);
    } catch (error) {
      this.emit('warn', error);
      return;
    }
    this.emit('logged', info);
  }

  /** An entry that is refused for its fields is sent without them. */
  async #sendWhole(writer: JournalWriter, info: WinstonInfo): Promise<void> {
    try {
      await writer.send(winstonEntry(info, this.#rules));
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      await writer.send(plainWinstonEntry(info, this.#rules));
      this.emit('warn', error);
    }
  }

  /** Once for each time in which the queue is full. */
  #tellOfLoss(writer: JournalWriter): void {
    if (writer.queued === 0) this.#isFull = false;
    const before = this.#lostBefore;
    this.#lostBefore = this.dropped;
    if (this.#lostBefore === before || this.#isFull) return;
    this.#isFull = true;
    this.emit(
      'warn',
      new SystemError({ code: 'ENOBUFS', syscall: 'sendmsg', message: 'the journal lags: entries are lost' }),
    );
  }
}
