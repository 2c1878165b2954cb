import { needs } from '@osx/test-support';
import { expect } from 'vitest';

import { faultRounds } from './fault-rounds.ts';

const { describe } = needs('strace');

/** Every system call of each protocol, beside those of Node's event loop. */
const calls = {
  async: ['openat', 'statx', 'write', 'fchmod', 'fsync', 'close', 'rename'],
  sync: ['openat', 'statx', 'write', 'fchmod', 'fsync', 'close', 'rename'],
  'async-none': ['openat', 'statx', 'write', 'fchmod', 'close', 'rename'],
  exclusive: ['openat', 'write', 'fchmod', 'fsync', 'close', 'renameat2'],
  update: ['openat', 'write', 'fsync', 'close', 'rename'],
  stream: ['openat', 'write', 'fchmod', 'fsync', 'close', 'rename'],
  'swap-file': ['openat', 'write', 'fchmod', 'fsync', 'close', 'rename'],
  'swap-dir': ['openat', 'mkdir', 'fchmod', 'fsync', 'close', 'renameat2', 'unlink', 'rmdir'],
};

describe.each(Object.entries(calls))('%s', (way, names) => {
  describe.each(names)('%s', (name) => {
    const { test } = needs('strace');

    test('killed at each use: old or new, whole; swept', { timeout: 600_000 }, async () => {
      const rounds = await faultRounds(`${name}:signal=KILL`, way);
      expect(rounds.at(-1)?.value.found).toBe('new');
    });

    test.each(['EIO', 'ENOSPC', 'EPERM'])(
      '%s at each use: reported or done; swept',
      { timeout: 600_000 },
      async (code) => {
        const rounds = await faultRounds(`${name}:error=${code}`, way);
        expect(rounds.at(-1)?.value.found).toBe('new');
      },
    );
  });
});
