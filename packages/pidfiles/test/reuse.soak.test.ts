import { expect } from 'vitest';

import { needs } from '@osx/test-support';

import { inPidNamespace } from './fixtures/in-pid-namespace.ts';

const LIMIT = 600_000;
const { test } = needs('ns-last-pid', 'pid-namespace', 'flock');

interface Result {
  readonly hits: Record<string, number>;
  readonly answers: Record<string, number>;
}

const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

test.each(['pin', 'Pidfile.kill', 'command'])('%s, 100 exchanged pids: no stranger signalled', async (method) => {
  const { hits, answers } = (await inPidNamespace('reuse-pids.ts', [method, '100'], LIMIT)) as Result;
  console.log(`${method}: ${JSON.stringify({ hits, answers })}`);
  expect(sum(hits)).toBe(0);
  expect(sum(answers)).toBe(100);
});

test('mutant: reading and then killing, 100 exchanged pids: strangers hit', async () => {
  const { hits } = (await inPidNamespace('reuse-pids.ts', ['naive', '100'], LIMIT)) as Result;
  console.log(`naive: ${JSON.stringify(hits)}`);
  expect(hits['before']).toBeGreaterThan(30);
  expect(hits['meanwhile']).toBeGreaterThan(0);
});
