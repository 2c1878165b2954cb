/**
 * The systemd journal: entries written without libsystemd, in which nothing can inject, that are lost only when the program
 * says so; and read back.
 *
 * @packageDocumentation
 */
export { encodeJournalEntry } from './encode-journal-entry.ts';
export { DROPPED_MESSAGE_ID } from './internal/drop-report.ts';
export type { Patience } from './internal/patience.ts';
export { isJournalStream } from './is-journal-stream.ts';
export type { JournalStreamOptions } from './is-journal-stream.ts';
export type { JournalFields, JournalValue } from './journal-fields.ts';
export type { JournalTargetOptions } from './journal-target-options.ts';
export type { JournalWriterOptions, WhenFull } from './journal-writer-options.ts';
export { JournalWriter } from './journal-writer.ts';
export { JournalEntry } from './journal-entry.ts';
export type { JournalEntryParts } from './journal-entry.ts';
export type {
  FollowOptions,
  JournalBoot,
  JournalReaderBackend,
  JournalReaderOptions,
  JournalScope,
  SeekCursorOptions,
} from './journal-reader-options.ts';
export { JournalReader } from './journal-reader.ts';
export { parseFacility, parsePriority, PRIORITIES } from './priority.ts';
export type { Facility, Priority } from './priority.ts';
export { sendJournal } from './send-journal.ts';
export type { SendJournalOptions } from './send-journal.ts';
