import { needs } from '@osx/test-support';
import { expect } from 'vitest';

import { lifeRounds } from './life-rounds.ts';

const { test } = needs('linux', 'strace');

// The calls that change what others see: the lock, the record, the socket, the state, and what is removed. The long run
// has more of them.
test.for(['flock', 'ftruncate', 'bind', 'rename', 'unlink'])(
  'killed at every %s: the next daemon goes on, and nothing is lost or done again',
  { timeout: 300_000 },
  async (call) => {
    const rounds = await lifeRounds(`${call}:signal=KILL`);
    expect(rounds.length).toBeGreaterThan(1);
    expect(rounds.at(-1)?.value.acknowledged, 'the last round was left alone').toBe(3);
  },
);

test('every rename fails: nothing that could not be written is acknowledged', { timeout: 300_000 }, async () => {
  const rounds = await lifeRounds('rename:error=EIO');
  expect(rounds.map(({ value }) => value.acknowledged)).toContain(2);
});
