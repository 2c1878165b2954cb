import { hasCode } from '@osx/errors';

import { fieldArguments, sourceArguments } from './journalctl-arguments.ts';
import { JournalctlEntries, journalctlLines } from './journalctl-child.ts';
import type { ReaderSource } from './reader-source.ts';

/** The names of all fields. */
export function journalctlFieldNames(source: ReaderSource): AsyncIterable<string> {
  return journalctlLines([...sourceArguments(source), '--quiet', '--no-pager', '--fields']);
}

/**
 * All values that a field has, each once, from a look at every entry: `journalctl --field` ends each with a line feed and
 * says not which of them are part of a value. Boot ids have none.
 */
export async function* journalctlUniqueValues(
  source: ReaderSource,
  field: string,
): AsyncGenerator<Buffer, void, undefined> {
  if (field === '_BOOT_ID') {
    const args = [...sourceArguments(source), '--quiet', '--no-pager', `--field=${field}`];
    for await (const line of journalctlLines(args)) yield Buffer.from(line);
    return;
  }
  const seen = new Set<string>();
  const entries = new JournalctlEntries(fieldArguments(source, field), source.dataThreshold);
  try {
    for (;;) {
      const entry = await entries.next();
      if (entry === undefined) return;
      for (const value of entry.getAll(field)) {
        const key = value.toString('latin1');
        if (seen.has(key)) continue;
        seen.add(key);
        yield value;
      }
    }
  } finally {
    entries.close();
  }
}

/** The catalog's text for a message id of 32 hexadecimal digits. */
export async function journalctlCatalog(messageId: string): Promise<string | null> {
  try {
    const lines: string[] = [];
    for await (const line of journalctlLines(['--no-pager', '--dump-catalog', messageId])) lines.push(line);
    return lines[0] === `-- ${messageId}` ? `${lines.slice(1).join('\n')}\n` : null;
  } catch (error) {
    if (hasCode(error, 'EIO') && error.message.includes('No such file')) return null;
    throw error;
  }
}
