import { expect, test } from 'vitest';

import { mutants } from './mutants.ts';
import { playMutant } from './play-mutant.ts';

test.for(Object.entries(mutants))('the demo finds a jobd that %s', async ([, mutant]) => {
  const { code, stdout } = await playMutant(mutant);
  expect(stdout).toMatch(mutant.found);
  expect(stdout).toMatch(/\nWRONG, in step \d+/);
  expect(code).toBe(1);
});
