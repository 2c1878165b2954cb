import { encodeJournalEntry } from '../encode-journal-entry.ts';

/** Of every entry that says how many were lost: `journalctl MESSAGE_ID=9d1f2b3c6f0e4c83a5d7f6b1e2c4a890`. */
export const DROPPED_MESSAGE_ID = '9d1f2b3c6f0e4c83a5d7f6b1e2c4a890';

/** What the journal is told of entries that it did not get. */
export function dropReport(count: number, identifier: string | null): Buffer {
  return encodeJournalEntry({
    MESSAGE: `${count} ${count === 1 ? 'entry was' : 'entries were'} lost here: the journal took none for too long`,
    MESSAGE_ID: DROPPED_MESSAGE_ID,
    PRIORITY: 'warning',
    DROPPED_ENTRIES: count,
    SYSLOG_IDENTIFIER: identifier,
  });
}
