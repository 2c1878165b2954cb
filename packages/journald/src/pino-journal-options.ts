import type { LoggerOptions } from './logger-options.ts';

/** Options of {@link journalStream} and of the transport. */
export interface PinoJournalOptions extends LoggerOptions {
  /** The key of the message, for lines that do not come from pino itself: that tells. Default: `msg`. */
  messageKey?: string | undefined;
  /** The key of the Error, likewise. Default: `err`. */
  errorKey?: string | undefined;
}
