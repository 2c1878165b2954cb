import { needs } from '@osx/test-support';
import { expect, test } from 'vitest';

import { readThroughKills } from './fixtures/resume-rounds.ts';

needs('journald').describe('a reader that keeps its cursor', () => {
  test.each(['libsystemd', 'journalctl'] as const)(
    'through %s, killed anywhere, over rotations: 200,000 entries, none twice, none missed',
    async (backend) => {
      const { numbers, kills } = await readThroughKills(backend, 200_000);
      console.log(`${backend}: killed ${kills} times`);
      expect(numbers.length).toBe(200_000);
      expect(numbers.findIndex((number, index) => number !== index)).toBe(-1);
      expect(kills).toBeGreaterThan(20);
    },
  );
});
