import type { JournalEntry } from '../../journal-entry.ts';

/** Longer values are not put into the text: as libsystemd has it. */
const LONGEST_VALUE = 256;

/** A text of the catalog with the entry's fields in place of `@FIELD@`; the name stays where the entry has no such field. */
export function catalogTextFor(entry: JournalEntry, text: string): string {
  return text.replaceAll(/@([\dA-Z_]+)@/g, (_, name: string) => {
    const value = entry.getBytes(name);
    const isShort = value !== undefined && name.length + 1 + value.length <= LONGEST_VALUE;
    return isShort ? value.toString('utf8') : name;
  });
}
