import { needs, runFixture } from '@osx/test-support';
import { expect } from 'vitest';

const { test } = needs('linux');
const fixture = new URL('fixtures/dying.ts', import.meta.url);

test.each([
  ['told', 'SIGTERM', 'deathpact: process PID ends by SIGTERM: it was told to\n'],
  ['failing', 'SIGHUP', 'output\nonDie\n'],
  ['rejecting', 'SIGTERM', 'Error: late\n'],
  ['slowly', 'SIGUSR2', 'dying true true 1\nsaid 1 true\n'],
  ['of two', 'SIGUSR2', 'second\nwaits\nfirst\n'],
  ['closed', 'SIGINT', ''],
  ['without grace', 'SIGTERM', ''],
  ['worker', 'SIGKILL', 'heard\n'],
])('%s: ends by %s', async (way, signal, stdout) => {
  expect(await runFixture(fixture, [way])).toEqual({ code: null, signal, stdout, stderr: '' });
});
