import { needs } from '@osx/test-support';
import { expect } from 'vitest';

import { faultRounds } from './fault-rounds.ts';

const { test } = needs('strace');
const timeout = 180_000;

/** Every system call of each kind is in the soak test; here those whose failure is a case of its own. */
test.each([
  ['unnamed', 'linkat:error=ENOSPC', ['ENOSPC', 'unnamed then linked']],
  ['unnamed', 'fsync:error=EIO', ['EIO', 'ERR_OSX_NOT_DURABLE', 'unnamed then linked']],
  ['unnamed-replace', 'rename:error=EACCES', ['EACCES', 'unnamed then linked']],
  ['dropped', 'flock:error=EIO', ['EIO', 'done']],
  ['dropped', 'flock:error=ENOLCK', ['done', 'done']],
  ['directory', 'mkdir:error=ENOSPC', ['ENOSPC', 'ENOSPC', 'done']],
])('%s, %s: reported, and no litter', { timeout }, async (kind, fault, answers) => {
  const rounds = await faultRounds(fault, kind);
  expect(rounds.map(({ value }) => value.answer)).toEqual(answers);
});

test.each([
  ['directory', 'openat:error=EMFILE', 'EMFILE'],
  ['spooled', 'memfd_create:error=EMFILE', 'EMFILE'],
])('%s, %s at each use: reported, and no litter', { timeout }, async (kind, fault, code) => {
  const rounds = await faultRounds(fault, kind);
  expect(rounds.map(({ value }) => value.answer)).toContain(code);
  expect(rounds.at(-1)?.value.answer).toMatch(/^(done|disk 155|unnamed then linked)$/);
});

test.each([
  ['unnamed-replace', 'rename'],
  ['dropped', 'flock'],
  ['directory', 'flock'],
  ['directory', 'rmdir'],
])('%s, killed at each %s: nothing, or what the sweep removes', { timeout }, async (kind, call) => {
  const rounds = await faultRounds(`${call}:signal=KILL`, kind);
  expect(rounds.slice(0, -1).every(({ value }) => value.answer === '')).toBe(true);
  expect(rounds[0]?.value.litter).toBe(1);
});

test(
  'unnamed, killed at each system call that it makes: no litter at all before it is linked',
  { timeout },
  async () => {
    const rounds = await faultRounds('linkat:signal=KILL', 'unnamed');
    expect(rounds.map(({ value }) => value.litter)).toEqual([0, 0]);
  },
);
