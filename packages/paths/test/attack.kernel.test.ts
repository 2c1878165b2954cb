import { expectNoNewFds, needs, openFds } from '@osx/test-support';
import { expect } from 'vitest';

import { openBeneathSync, resolveBeneathSync } from '../src/index.ts';
import { attack, attackedPaths, attackedRoot, naiveEscapes } from './attack.ts';
import { ways, type OpenBy } from './ways.ts';

const { test } = needs('linux', 'shm');

const every: [string, OpenBy][] = [...ways, ['openBeneathSync', (root, path) => openBeneathSync(root, path)]];

test.each(every)('swapped links lead nobody out: %s', async (_way, open) => {
  await using attacked = await attackedRoot();
  attack(attacked.root, open, 10);
  const before = openFds();
  const ends = attack(attacked.root, open, 4000);
  expectNoNewFds(before);
  expect(Object.keys(ends).filter((end) => !['inside', 'EXDEV', 'EAGAIN'].includes(end))).toEqual([]);
  expect(ends['inside']).toBeGreaterThan(100);
  expect(ends['EXDEV']).toBeGreaterThan(100);
});

test('swapped links lead no answer out: resolveBeneathSync', async () => {
  await using attacked = await attackedRoot();
  const answers = new Set<string>();
  for (let count = 0; count < 2000; count += 1) {
    try {
      answers.add(resolveBeneathSync(attacked.root, attackedPaths[count % attackedPaths.length] as string));
    } catch (error) {
      answers.add((error as NodeJS.ErrnoException).code ?? String(error));
    }
  }
  const paths = [...answers].filter((answer) => answer.startsWith('/'));
  expect(paths.length).toBeGreaterThan(1);
  expect(paths.filter((path) => !path.startsWith(`${attacked.root}/`))).toEqual([]);
});

test('the mutant, which looks and then opens, is led out', async () => {
  await using attacked = await attackedRoot();
  expect(naiveEscapes(attacked.root, 200_000, 1).escapes).toBe(1);
});
