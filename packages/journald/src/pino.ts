/**
 * Logs of pino in the journal: a transport for its worker thread, and a stream for the thread that logs.
 *
 * @module
 */
import { checkOptions, checkString } from '@osx/errors';

import { checkRules } from './internal/loggers/checked-rules.ts';
import { journalLineStreamClass } from './internal/loggers/journal-line-stream.ts';
import type { JournalStream } from './internal/loggers/journal-line-stream.ts';
import { mainProgramName } from './internal/loggers/main-program-name.ts';
import { forwardPinoConfig } from './internal/loggers/pino-config.ts';
import { JournalWriter } from './journal-writer.ts';
import type { JournalWriterOptions } from './journal-writer-options.ts';
import type { LoggerOptions } from './logger-options.ts';

export type { JournalStream } from './internal/loggers/journal-line-stream.ts';
export type { LoggerOptions } from './logger-options.ts';

/** Options of {@link journalStream} and of the transport. */
export interface PinoJournalOptions extends LoggerOptions {
  /** The key of the message, for lines that do not come from pino itself: that tells. Default: `msg`. */
  messageKey?: string | undefined;
  /** The key of the Error, likewise. Default: `err`. */
  errorKey?: string | undefined;
}

const PINO_LABELS = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

/** Who logs in his own thread does not wait for room: so much may be queued, within 32 MiB. */
const QUEUE_LIMIT = 100_000;
/** Of JournalWriter. */
const WORKER_QUEUE_LIMIT = 10_000;

/**
 * A stream for `pino(destination)` whose lines become entries, in the thread that logs.
 *
 * Each line is in journald's hands when `logger.info()` returns, as long as journald takes it; otherwise it is queued, and
 * what is queued is handed over at the process's exit. pino does not wait for a stream, so the queue (100,000 lines, 32 MiB)
 * drops the oldest ones when it is full; `whenFull: 'wait'` is for those who heed `write()`, as `pipe` does.
 *
 * `msg` is `MESSAGE`, `level` `PRIORITY` and `LEVEL`, `time` `SYSLOG_TIMESTAMP`, `err` the fields `ERROR_*`; every other key
 * is a field of its name in upper case, objects as JSON. A line that is not a JSON object is the message itself.
 *
 * **Platform** as {@link JournalWriter}.
 *
 * **Gotchas** A key that is no name for a field is made one: `_` for other characters, `X_` in front when it does not begin
 * with a letter or is one of those that mean something to the journal. Keys that become one name are several values of it.
 *
 * @param options See {@link PinoJournalOptions}.
 * @returns A stream that holds a socket until it is ended or destroyed, and does not keep the process alive.
 * @throws {TypeError|RangeError} on a bad option.
 * @example
 * ```ts
 * import { journalStream } from '@osx/journald/pino';
 * import { pino } from 'pino';
 *
 * const logger = pino(journalStream({ identifier: 'shop' }));
 * logger.info({ order: 4711 }, 'order taken');
 * logger.error(new Error('no stock'));
 * ```
 * @see https://getpino.io/#/docs/api?id=destination
 */
export function journalStream(options?: PinoJournalOptions): JournalStream {
  return openStream(options, { queueLimit: QUEUE_LIMIT, whenFull: 'drop-oldest' });
}

/**
 * A transport for `pino.transport({ target: '@osx/journald/pino', options })`, which pino runs in a thread of its own.
 *
 * As {@link journalStream}, except that nothing is dropped by default: what journald does not take waits, and pino keeps the
 * lines behind it in its memory.
 *
 * **Gotchas** Options cross threads as structured clones do. At exit pino waits for a transport that is stuck, 10 seconds at most, and
 * throws then; with `whenFull: 'drop-oldest'` it never is.
 *
 * @param options See {@link PinoJournalOptions}.
 * @returns The stream that pino writes to.
 * @throws {TypeError|RangeError} on a bad option; pino makes it an `error` event of the transport.
 * @example
 * ```ts
 * import { pino } from 'pino';
 *
 * const logger = pino(pino.transport({ target: '@osx/journald/pino', options: { identifier: 'shop' } }));
 * logger.warn({ mount: '/var' }, 'the disk is nearly full');
 * ```
 * @see https://getpino.io/#/docs/transports
 */
// oxlint-disable-next-line import/no-default-export -- pino calls it
export default async function journalTransport(options?: PinoJournalOptions): Promise<JournalStream> {
  const stream = openStream(options, {
    queueLimit: WORKER_QUEUE_LIMIT,
    whenFull: 'wait',
    identifier: mainProgramName(),
  });
  await forwardPinoConfig(stream);
  return stream;
}

function openStream(
  options: PinoJournalOptions | undefined,
  defaults: JournalWriterOptions & { queueLimit: number },
): JournalStream {
  const given = checkOptions('options', options);
  const { messageKey = 'msg', errorKey = 'err', queueLimit = defaults.queueLimit } = given;
  const rules = {
    ...checkRules(given),
    messageKey: checkString('options.messageKey', messageKey),
    errorKey: checkString('options.errorKey', errorKey),
    labels: PINO_LABELS,
    pid: process.pid,
    hostname: process.getBuiltinModule('node:os').hostname(),
  };
  const whenFull = given.whenFull ?? defaults.whenFull;
  const writer = new JournalWriter({
    ...given,
    queueLimit,
    whenFull,
    identifier: given.identifier === undefined ? defaults.identifier : given.identifier,
    callSite: false,
  });
  const JournalLineStream = journalLineStreamClass();
  return new JournalLineStream({ writer, waitAt: whenFull === 'wait' ? queueLimit : Infinity }, rules);
}
