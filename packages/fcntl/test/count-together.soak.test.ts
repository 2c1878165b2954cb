import { expect, test } from 'vitest';

import { countTogether } from './fixtures/count-together.ts';

test.each(['ofd', 'flock', 'posix'])(
  '8 processes x 500 under a %s lock, killed at random: no violation',
  { timeout: 600_000 },
  async (kind) => {
    const { violations, counter, reported, kills } = await countTogether({
      kind,
      processes: 8,
      rounds: 500,
      kills: 60,
    });
    console.log(`${kind}: ${reported} acquisitions reported, counter ${counter}, ${kills} kills`);
    expect(violations).toEqual([]);
    expect(counter).toBeGreaterThanOrEqual(reported);
    expect(counter).toBeLessThanOrEqual(reported + kills);
    expect(reported).toBeGreaterThanOrEqual(8 * 500);
  },
);
