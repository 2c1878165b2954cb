import { needs } from '@osx/test-support';
import { expect } from 'vitest';

import { faultRounds } from './fault-rounds.ts';

const { describe } = needs('strace');

const calls: Readonly<Record<string, readonly string[]>> = {
  unnamed: ['openat', 'fsync', 'linkat', 'close', 'write'],
  'unnamed-replace': ['openat', 'fsync', 'linkat', 'rename', 'close'],
  named: ['openat', 'flock', 'fsync', 'link', 'unlink', 'close', 'statx'],
  'named-replace': ['openat', 'flock', 'rename', 'close'],
  dropped: ['openat', 'flock', 'unlink', 'close', 'statx'],
  directory: ['mkdir', 'openat', 'flock', 'getdents64', 'unlink', 'rmdir', 'close', 'statx'],
  'directory-sync': ['mkdir', 'openat', 'flock', 'getdents64', 'unlink', 'rmdir', 'close', 'statx'],
  spooled: ['memfd_create', 'openat', 'pwrite64', 'pread64', 'close'],
};
const cases = Object.entries(calls).flatMap(([kind, names]) => names.map((call) => [kind, call] as const));

describe.each(cases)('%s: every %s', (kind, call) => {
  const { test } = needs('strace');

  test('killed: nothing, or what the sweep removes', { timeout: 900_000 }, async () => {
    const rounds = await faultRounds(`${call}:signal=KILL`, kind);
    expect(rounds.length).toBeGreaterThan(1);
  });

  test('failing with EIO: reported, and no litter', { timeout: 900_000 }, async () => {
    // Node itself ends when it cannot write to wake its event loop.
    if (call === 'write') return;
    const rounds = await faultRounds(`${call}:error=EIO`, kind);
    expect(rounds.length).toBeGreaterThan(1);
  });
});
