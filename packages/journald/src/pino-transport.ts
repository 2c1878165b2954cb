import type { JournalStream } from './internal/loggers/journal-line-stream.ts';
import { mainProgramName } from './internal/loggers/main-program-name.ts';
import { openLineStream } from './internal/loggers/open-line-stream.ts';
import { forwardPinoConfig } from './internal/loggers/pino-config.ts';
import type { PinoJournalOptions } from './pino-journal-options.ts';

/** Of JournalWriter. */
const WORKER_QUEUE_LIMIT = 10_000;

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
export async function pinoTransport(options?: PinoJournalOptions): Promise<JournalStream> {
  const stream = openLineStream(options, {
    queueLimit: WORKER_QUEUE_LIMIT,
    whenFull: 'wait',
    identifier: mainProgramName(),
  });
  await forwardPinoConfig(stream);
  return stream;
}
