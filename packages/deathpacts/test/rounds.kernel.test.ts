import { needs } from '@osx/test-support';
import { expect } from 'vitest';

import { mutant, playRound, scenarios } from './rounds.ts';
import type { RoundResult, Scenario } from './rounds.ts';

const { test } = needs('linux');
const timeout = 240_000;

async function play(scenario: Scenario, rounds: number): Promise<RoundResult> {
  const total = { survivors: 0, guardians: 0, started: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const { survivors, guardians, started } = await playRound(scenario);
    total.survivors += survivors;
    total.guardians += guardians;
    total.started += started;
  }
  return total;
}

test.for(Object.entries(scenarios).filter(([name]) => name !== 'another user'))(
  'the parent is killed at a random moment, %s: nobody survives',
  { timeout },
  async ([, scenario]) => {
    expect(await play(scenario, 3)).toMatchObject({ survivors: 0, guardians: 0 });
  },
);

needs('root').test('the parent is killed at a random moment, another user: nobody survives', { timeout }, async () => {
  expect(await play(scenarios['another user'], 3)).toMatchObject({ survivors: 0, guardians: 0 });
});

needs('strace').test.for(['delay_enter', 'delay_exit'])(
  'the parent is killed while its child is about to arm (prctl:%s): nobody survives',
  { timeout },
  async (delay) => {
    const scenario = { ...scenarios['the kernel alone'], inject: `prctl:${delay}=10000`, withinMs: 250 };
    expect(await play(scenario, 3)).toMatchObject({ survivors: 0, guardians: 0 });
  },
);

test('mutant: without a pact there are survivors', { timeout }, async () => {
  const { survivors } = await play(mutant, 6);
  expect(survivors).toBeGreaterThan(0);
});
