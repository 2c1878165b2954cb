import type { JournalBoot } from '../../journal-reader-options.ts';
import type { JournalEntry } from '../../journal-entry.ts';
import type { Direction, JournalBackend } from './journal-backend.ts';
import { MatchGroups } from './match-groups.ts';

/** The first or last entry of a boot that can be read. */
export async function entryOfBoot(
  backend: JournalBackend,
  bootId: string,
  which: 'first' | 'last',
): Promise<JournalEntry | undefined> {
  const matches = new MatchGroups();
  matches.add({ field: '_BOOT_ID', value: Buffer.from(bootId) });
  backend.match(matches);
  await backend.seek({ type: which === 'first' ? 'head' : 'tail' });
  const direction: Direction = which === 'first' ? 'forward' : 'backward';
  while (await backend.move(direction)) {
    const entry = backend.current();
    if (entry !== null) return entry;
  }
  return undefined;
}

/** All boots of which there are entries, the oldest first. */
export async function listBoots(backend: JournalBackend): Promise<JournalBoot[]> {
  const boots: JournalBoot[] = [];
  for await (const value of backend.uniqueValues('_BOOT_ID')) {
    const bootId = value.toString('latin1');
    const first = await entryOfBoot(backend, bootId, 'first');
    const last = await entryOfBoot(backend, bootId, 'last');
    // The values of a field outlive the entries that had them.
    if (first === undefined || last === undefined) continue;
    boots.push({ bootId, firstRealtimeUsec: first.realtimeUsec, lastRealtimeUsec: last.realtimeUsec });
  }
  return boots.toSorted((a, b) => Number(a.firstRealtimeUsec - b.firstRealtimeUsec));
}
