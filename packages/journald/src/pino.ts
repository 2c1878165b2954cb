/**
 * Logs of pino in the journal: a transport for its worker thread, and a stream for the thread that logs.
 *
 * @module
 */
export { journalStream } from './journal-stream.ts';
export type { JournalStream } from './journal-stream.ts';
export type { LoggerOptions } from './logger-options.ts';
export type { PinoJournalOptions } from './pino-journal-options.ts';
// oxlint-disable-next-line import/no-default-export -- pino calls it
export { pinoTransport as default } from './pino-transport.ts';
