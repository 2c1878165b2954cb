import { needs } from '@osx/test-support';
import { expect, test } from 'vitest';

import { readThroughKills } from './fixtures/resume-rounds.ts';

needs('journald').describe('a reader that keeps its cursor', () => {
  test.each(['libsystemd', 'journalctl'] as const)(
    'through %s, killed anywhere, over rotations: 5,000 entries, none twice, none missed',
    async (backend) => {
      const { numbers, kills } = await readThroughKills(backend, 5000);
      expect(numbers).toEqual(Array.from({ length: 5000 }, (_, n) => n));
      expect(kills).toBeGreaterThan(0);
    },
  );
});
