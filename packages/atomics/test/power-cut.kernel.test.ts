import { needs } from '@osx/test-support';
import { expect } from 'vitest';

import { cutPower } from './power-cut.ts';

// A few cuts, to see that the harness and the promise hold; the soak run makes many and catches the mutants.
needs('loop-mount', 'python3').test(
  'ext4, full: nothing torn, nothing acknowledged lost',
  { timeout: 120_000 },
  async () => {
    expect(await cutPower('ext4', 'full', 2)).toMatchObject({ rounds: 2, torn: 0, lost: 0, litter: 0 });
  },
);

needs('loop-mount', 'python3', 'xfsprogs').test(
  'XFS, full: nothing torn, nothing acknowledged lost',
  { timeout: 120_000 },
  async () => {
    expect(await cutPower('xfs', 'full', 2)).toMatchObject({ rounds: 2, torn: 0, lost: 0, litter: 0 });
  },
);

needs('loop-mount', 'python3').test('a writer without any sync is caught', { timeout: 120_000 }, async () => {
  const { torn, lost } = await cutPower('ext4', 'mutant-no-sync', 2);
  expect(torn + lost).toBeGreaterThan(0);
});
