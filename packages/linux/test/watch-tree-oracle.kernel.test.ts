import { temporaryDirectory } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

import { churnRound } from './fixtures/churn-round.ts';

const FIRST_SEED = Number(process.env['OSX_TREE_SEED'] ?? (Date.now() % 1_000_000) + 1);

describe('random operations by two processes: the model made of the events is the tree, and no directory is blind', () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + 5; seed += 1) {
    test(`OSX_TREE_SEED=${seed}`, { timeout: 120_000 }, async () => {
      using directory = temporaryDirectory('tree');
      const counts = await churnRound(directory.path, seed, 1500);
      expect(counts.get('move')).toBeGreaterThan(10);
    });
  }
});
