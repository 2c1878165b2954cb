import { fileURLToPath } from 'node:url';

import { runFixture, type FixtureResult } from '@osx/test-support';

import type { Mutant } from './mutants.ts';

const demo = new URL('../src/demo.ts', import.meta.url);
const mutate = fileURLToPath(new URL('fixtures/mutate.mjs', import.meta.url));

/** Runs the demo with a jobd that has one mistake. */
export function playMutant(mutant: Mutant): Promise<FixtureResult> {
  return runFixture(demo, ['--kills', '2'], {
    env: { NODE_OPTIONS: `--import=${mutate}`, JOBD_MUTANT: JSON.stringify(mutant) },
    timeoutMs: 300_000,
  });
}
