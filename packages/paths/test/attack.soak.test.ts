// 100,000 resolutions against a process that swaps links all the time, by each way, and by the naive one.
import { needs } from '@osx/test-support';
import { expect } from 'vitest';

import { openBeneathSync } from '../src/index.ts';
import { attack, attackedRoot, naiveEscapes } from './attack.ts';
import { ways, type OpenBy } from './ways.ts';

const { test } = needs('linux', 'shm');

const RESOLUTIONS = 100_000;
const every: [string, OpenBy][] = [...ways, ['openBeneathSync', (root, path) => openBeneathSync(root, path)]];

test.each(every)('no escape in 100,000 resolutions: %s', async (way, open) => {
  await using attacked = await attackedRoot();
  const ends = attack(attacked.root, open, RESOLUTIONS);
  console.log(way, ends);
  expect(ends['outside'] ?? 0).toBe(0);
  // A name that changes while it is walked is asked again, and never refused for that.
  expect(
    Object.keys(ends)
      .filter((end) => end !== 'EAGAIN')
      .toSorted(),
  ).toEqual(['EXDEV', 'inside']);
  expect(ends['inside']).toBeGreaterThan(RESOLUTIONS / 20);
});

test('the naive way escapes', async () => {
  await using attacked = await attackedRoot();
  const { escapes } = naiveEscapes(attacked.root, RESOLUTIONS);
  console.log('realpath, then open', { escapes });
  expect(escapes).toBeGreaterThan(0);
});
