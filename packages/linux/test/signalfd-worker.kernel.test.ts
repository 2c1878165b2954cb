import { runFixture } from '@osx/test-support';
import { expect, test } from 'vitest';

const fixture = new URL('fixtures/signalfd-worker.ts', import.meta.url);

test('Workers receive what is sent to them, each its own, and leave no descriptor however they end', async () => {
  const { stdout, stderr, signal } = await runFixture(fixture);
  expect({ stderr, signal }).toEqual({ stderr: '', signal: null });
  const { rounds, left } = JSON.parse(stdout) as { rounds: unknown[]; left: string[] };
  for (const round of rounds) {
    expect(round).toEqual({
      first: ['SIGUSR2', ...Array.from({ length: 50 }, (_, index) => index)],
      second: ['SIGUSR2', ...Array.from({ length: 50 }, (_, index) => index + 1000)],
      mainBlocks: false,
      refused: 'ERR_OSX_SIGNAL_NOT_BLOCKED',
    });
  }
  expect(rounds).toHaveLength(6);
  expect(left).toEqual([]);
});
