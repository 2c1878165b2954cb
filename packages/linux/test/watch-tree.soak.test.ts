import { needs, temporaryDirectory } from '@osx/test-support';
import { expect } from 'vitest';

import { churnRound } from './fixtures/churn-round.ts';

const FIRST_SEED = Number(process.env['OSX_TREE_SEED'] ?? (Date.now() % 1_000_000) + 1);

needs('shm').describe('random operations by two processes', () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + 60; seed += 1) {
    needs('shm').test(`6,000 each: OSX_TREE_SEED=${seed}`, async () => {
      using directory = temporaryDirectory('tree', { on: 'tmpfs' });
      const counts = await churnRound(directory.path, seed, 6000);
      expect(counts.get('move')).toBeGreaterThan(100);
    });
  }
});

needs('root', 'shm').describe('with a kernel queue of 16: losses all the time', () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + 30; seed += 1) {
    needs('shm').test(`2,000 each: OSX_TREE_SEED=${seed}`, async () => {
      using directory = temporaryDirectory('tree', { on: 'tmpfs' });
      const counts = await churnRound(directory.path, seed, 2000, 16);
      expect(counts.get('overflow')).toBeGreaterThan(1);
    });
  }
});
