import { expect, test } from 'vitest';

import { compareWithChmod } from './fixtures/compare-with-chmod.ts';

test('10,000 random modes, on seven files and directories each, against chmod(1)', () => {
  const seed = Math.trunc(Math.random() * 2 ** 31);
  const { tried, refused, differences } = compareWithChmod(10_000, seed);
  console.log(`${tried} modes, 70,000 files and directories, ${refused} refused by both, seed ${seed}`);
  expect(differences, `seed ${seed}`).toEqual([]);
});
