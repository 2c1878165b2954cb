import { describe, expect, test } from 'vitest';

import { startTogether } from './fixtures/start-together.ts';

describe('20 starters at once, winners killed at random', () => {
  test('never two, never none', { timeout: 120_000 }, async () => {
    const { violations, wins, kills } = await startTogether({ contenders: 20, rounds: 25, how: 'lock' });
    expect(violations).toEqual([]);
    // 24 races and a queue.
    expect(wins).toBeGreaterThanOrEqual(24 + 20);
    expect(kills).toBeGreaterThan(0);
  });

  test('mutant: reading, asking and writing lets several in, and the oracle sees it', { retry: 5 }, async () => {
    const { violations } = await startTogether({ contenders: 20, rounds: 10, how: 'naive' });
    expect(violations.some((line) => line.startsWith('VIOLATION'))).toBe(true);
    expect(violations.some((line) => /: \d+ won/.test(line))).toBe(true);
  });
});
