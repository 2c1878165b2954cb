import { OWN_THREAD_QUEUE } from './internal/loggers/own-thread-queue.ts';
import type { JournalStream } from './internal/loggers/journal-line-stream.ts';
import { openLineStream } from './internal/loggers/open-line-stream.ts';
import type { PinoJournalOptions } from './pino-journal-options.ts';

export type { JournalStream } from './internal/loggers/journal-line-stream.ts';

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
  return openLineStream(options, OWN_THREAD_QUEUE);
}
