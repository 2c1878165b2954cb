import type { JournalReaderBackend } from '../../journal-reader-options.ts';
import type { JournalBackend } from './journal-backend.ts';
import { JournalctlBackend } from './journalctl-backend.ts';
import { LibsystemdBackend } from './libsystemd-backend.ts';
import { libsystemd } from './libsystemd-calls.ts';
import type { ReaderSource } from './reader-source.ts';

export function selectReaderBackend(wanted: JournalReaderBackend | undefined): JournalReaderBackend {
  return wanted ?? (libsystemd.isAvailable() ? 'libsystemd' : 'journalctl');
}

export function openBackend(kind: JournalReaderBackend, source: ReaderSource): JournalBackend {
  return kind === 'libsystemd' ? new LibsystemdBackend(source) : new JournalctlBackend(source);
}
