import { describe, expect, test } from 'vitest';

import { countTogether } from './fixtures/count-together.ts';

describe('8 processes under one lock, killed at random', () => {
  test.each(['ofd', 'flock', 'posix'])('%s: nobody meets anybody, nothing is lost', async (kind) => {
    const { violations, counter, reported, kills } = await countTogether({ kind, processes: 8, rounds: 60, kills: 6 });
    expect(violations).toEqual([]);
    // Whoever was killed between the two writes has counted once more than it reported.
    expect(counter).toBeGreaterThanOrEqual(reported);
    expect(counter).toBeLessThanOrEqual(reported + kills);
    expect(reported).toBeGreaterThanOrEqual(8 * 60);
    expect(kills).toBeGreaterThan(0);
  });

  test('mutant: without a lock both oracles see it', async () => {
    const count = await countTogether({ kind: 'none', processes: 8, rounds: 400, kills: 0 });
    expect(count.violations.length).toBeGreaterThan(0);
    expect(count.counter).toBeLessThan(count.reported);
  });
});
