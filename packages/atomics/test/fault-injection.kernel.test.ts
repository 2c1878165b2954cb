import { straceCalls, straceInject, needs, temporaryDirectory } from '@osx/test-support';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

import { faultRounds } from './fault-rounds.ts';

const { test, describe } = needs('strace');
const fixture = new URL('./fixtures/one-write.ts', import.meta.url);

describe.each(['async', 'sync'])('%s write', (way) => {
  test.each([
    ['openat:error=EMFILE', 'EMFILE'],
    ['write:error=ENOSPC', 'ENOSPC'],
    ['fsync:error=EIO', 'EIO'],
    ['close:error=EIO', 'EIO'],
    ['rename:error=EACCES', 'EACCES'],
  ])('%s at each use: reported, the old file intact, no litter', { timeout: 120_000 }, async (fault, code) => {
    const rounds = await faultRounds(fault, way);
    const answers = rounds.map(({ result }) => result.stdout.trim());
    // Node's threads also write to wake the event loop, and abort when that fails: which write is the k-th is not certain.
    if (!fault.startsWith('write:')) expect(answers).toContain(code);
    expect(answers.at(-1)).toBe('done');
  });

  test('killed at each rename and fsync: old or new, and the litter is swept', { timeout: 120_000 }, async () => {
    const atRename = await faultRounds('rename:signal=KILL', way);
    expect(atRename.map(({ value }) => value)).toEqual([
      { found: 'old', litter: 1 },
      { found: 'new', litter: 0 },
    ]);
    const atFsync = await faultRounds('fsync:signal=KILL', way);
    expect(atFsync.map(({ value }) => value)).toEqual([
      { found: 'old', litter: 1 },
      { found: 'new', litter: 0 },
      { found: 'new', litter: 0 },
    ]);
  });

  test(
    'an fsync that failed is not tried again; that of the directory is told apart, after the commit',
    { timeout: 120_000 },
    async () => {
      const rounds = await faultRounds('fsync:error=EIO', way);
      expect(rounds.map(({ result, value }) => [result.stdout.trim(), value.found])).toEqual([
        ['EIO', 'old'],
        ['ERR_OSX_NOT_DURABLE', 'new'],
        ['done', 'new'],
      ]);
      const fileSyncs = straceCalls(rounds[0]?.result.trace ?? '').filter(({ name }) => name === 'fsync');
      expect(fileSyncs).toHaveLength(1);
    },
  );

  test('the order: content, mode, fsync, close, rename, fsync of the directory', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    writeFileSync(path, '', { mode: 0o640 });
    const { trace } = await straceInject(fixture, [path, way], undefined, {
      whenReady: true,
      trace: 'openat,write,fchmod,fsync,close,rename',
    });
    const calls = straceCalls(trace).filter(({ text }) => text.includes(directory.path));
    const steps = calls.map(({ name, text }) => `${name}${text.includes('.osx-tmp') ? ' temporary' : ' directory'}`);
    expect(steps.filter((step) => !step.startsWith('openat'))).toEqual([
      'write temporary',
      'fchmod temporary',
      'fsync temporary',
      'close temporary',
      'rename temporary',
      'fsync directory',
      'close directory',
    ]);
    const created = calls.find(({ name, text }) => name === 'openat' && text.includes('.osx-tmp'));
    expect(created?.text).toMatch(/O_WRONLY\|O_CREAT\|O_EXCL\|O_NOFOLLOW\|O_CLOEXEC, 0600/);
  });
});
