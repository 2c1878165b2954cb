import { needs } from '@osx/test-support';
import { expect } from 'vitest';

import { lifeRounds } from './life-rounds.ts';

const { test } = needs('linux', 'strace');

test.for([
  'fsync:signal=KILL',
  'write:signal=KILL',
  'pwrite64:signal=KILL',
  'close:signal=KILL',
  'listen:signal=KILL',
  'fsync:error=EIO',
  'write:error=ENOSPC',
])('%s at every use: nothing is lost or done again', async (fault) => {
  const rounds = await lifeRounds(fault);
  expect(rounds.length).toBeGreaterThan(1);
});
