import type { JournalFields } from './journal-fields.ts';
import type { JournalWriterOptions } from './journal-writer-options.ts';
import type { Priority } from './priority.ts';

/** Options of all loggers, beside those of the writer behind them. */
export interface LoggerOptions extends Omit<JournalWriterOptions, 'callSite'> {
  /** Priorities of levels by name or number, before the rule of the logger: `{ audit: 'notice', 45: 'warning' }`. */
  priorities?: Readonly<Record<string, Priority>> | undefined;
  /** What every entry gets: `{ SYSLOG_FACILITY: 'local3' }`. */
  fields?: JournalFields | undefined;
  /**
   * Fields with a meaning of their own that log objects may set, by a key spelled exactly so: `['MESSAGE_ID']`. Default: none,
   * so that who controls the keys of an object forges nothing.
   */
  wellKnownKeys?: readonly string[] | undefined;
}
