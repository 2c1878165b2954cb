import { expect, test } from 'vitest';
import { needs, startJournald } from '@osx/test-support';
import { compareJournal } from './fixtures/compare-journal.ts';
import { sendHostileEntries } from './fixtures/send-hostile-entries.ts';

const ROUNDS = Number(process.env['OSX_SOAK_ROUNDS'] ?? 12);
const COUNT = 2_000;

needs('journald').describe(`${ROUNDS} times ${COUNT} hostile entries`, () => {
  test.each(Array.from({ length: ROUNDS }, (_, round) => round))('round %i', async (round) => {
    const seed = (Number(process.env['OSX_SOAK_SEED'] ?? 20_000) + round) >>> 0;
    await using journald = await startJournald();
    const sent = await sendHostileEntries(journald, { count: COUNT, seed });
    expect({ seed, differences: compareJournal(sent, await journald.export(['_TRANSPORT=journal'])) }).toEqual({
      seed,
      differences: [],
    });
  });
});
