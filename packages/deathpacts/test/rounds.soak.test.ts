import { needs } from '@osx/test-support';
import { expect } from 'vitest';

import { mutant, playRound, scenarios } from './rounds.ts';
import type { RoundResult, Scenario } from './rounds.ts';

const { test } = needs('linux', 'root', 'strace');
const ROUNDS = 100;

async function play(name: string, scenario: Scenario): Promise<RoundResult> {
  const total = { survivors: 0, guardians: 0, started: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const { survivors, guardians, started } = await playRound(scenario);
    total.survivors += survivors;
    total.guardians += guardians;
    total.started += started;
  }
  console.log(`${name}, ${ROUNDS} rounds: ${JSON.stringify(total)}`);
  return total;
}

test.for(Object.entries(scenarios))('%s, 100 rounds: nobody survives', async ([name, scenario]) => {
  expect(await play(name, scenario)).toMatchObject({ survivors: 0, guardians: 0 });
});

test.for([
  ['the kernel alone', 'prctl:delay_enter=10000'],
  ['the kernel alone', 'prctl:delay_exit=10000'],
  ['the guardian alone', 'pidfd_open:delay_exit=10000'],
] as const)('%s, %s, 100 rounds: nobody survives', async ([name, inject]) => {
  const scenario = { ...scenarios[name], inject, withinMs: 300 };
  expect(await play(`${name}, ${inject}`, scenario)).toMatchObject({ survivors: 0, guardians: 0 });
});

test('mutant: without a pact, 100 rounds: survivors', async () => {
  expect((await play('none', mutant)).survivors).toBeGreaterThan(100);
});
