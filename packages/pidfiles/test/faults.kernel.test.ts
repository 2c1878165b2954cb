import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { lockHolders } from '@osx/fcntl';
import { acquirePidfile, Pidfile, pinPidfileOwner, readPidfile } from '@osx/pidfiles';
import {
  forEveryInjection,
  mountTmpfs,
  needs,
  runTool,
  spawnFixture,
  straceInject,
  temporaryDirectory,
} from '@osx/test-support';

const startOnce = new URL('fixtures/start-once.ts', import.meta.url);

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory('faults');
  path = join(directory.path, 'job.pid');
});
afterEach(() => directory[Symbol.dispose]());

const content = (): string | undefined =>
  statSync(path, { throwIfNoEntry: false }) === undefined ? undefined : readFileSync(path, 'latin1');

async function start(fault: string, options = {}): Promise<Record<string, unknown>> {
  const result = await straceInject(startOnce, [path, JSON.stringify(options)], fault, { whenReady: true });
  expect(result).toMatchObject({ injected: true, stderr: '' });
  expect(await lockHolders(path)).toEqual([]);
  return JSON.parse(result.stdout) as Record<string, unknown>;
}

const OLD = '1\n';

needs('strace').describe('fails closed', () => {
  test.each([
    ['flock', 'ENOLCK', {}],
    ['flock', 'EOPNOTSUPP', {}],
    ['flock', 'ENOSYS', {}],
    ['flock', 'EIO', {}],
    ['flock', 'EIO', { timeoutMs: 20_000 }],
    ['ftruncate', 'EIO', {}],
    ['fcntl', 'EIO', {}],
  ])('%s: %s %j: told, and not a byte is changed', async (syscall, code, options) => {
    writeFileSync(path, OLD);
    const named = code === 'EOPNOTSUPP' ? 'ENOTSUP' : code;
    expect(await start(`${syscall}:error=${code}:when=1`, options)).toMatchObject({ code: named, syscall });
    expect(content()).toBe(OLD);
  });

  test.each(['EIO', 'ENOSPC', 'EDQUOT'])('pwrite64: %s: told, and the file is empty', async (code) => {
    writeFileSync(path, OLD);
    expect(await start(`pwrite64:error=${code}:when=1`)).toMatchObject({ code, syscall: 'write' });
    expect(content()).toBe('');
    expect(readPidfile(path)).toBe(null);
  });

  test('a short write is never left: it would be another pid', async () => {
    // The first call says that one byte was written, the second one fails.
    const outcome = await straceInject(startOnce, [path], 'pwrite64:retval=1:when=1', { whenReady: true });
    expect(outcome.injected).toBe(true);
    expect(JSON.parse(outcome.stdout)).toHaveProperty('acquired');
    await using child = await spawnFixture(startOnce, [path]);
    runTool('prlimit', ['--pid', String(child.pid), '--fsize=2']);
    child.send('go');
    expect(JSON.parse(await child.nextLine())).toMatchObject({ code: 'EFBIG', syscall: 'write' });
    expect(content()).toBe('');
  });

  test.each([
    ['pidfd_open', 'ENOSYS'],
    ['name_to_handle_at', 'EOPNOTSUPP'],
  ])('%s: %s, as on an older kernel: the record says less, and the pid is right', async (syscall, code) => {
    const fault = `${syscall}:error=${code}`;
    const result = await straceInject(startOnce, [path, '{}', 'cold'], fault, { whenReady: true });
    expect(result.injected).toBe(true);
    const { acquired } = JSON.parse(result.stdout) as { acquired: number };
    const record = readPidfile(path);
    expect(record).toMatchObject({ pid: acquired, origin: 'here' });
    expect(record?.startTime).toMatch(/^\d+$/);
    expect(record?.identity?.handle).toBe(undefined);
    expect(record?.identity === undefined).toBe(syscall === 'pidfd_open');
  });

  test('EINTR is asked again', async () => {
    expect(await start('flock:error=EINTR:when=1')).toHaveProperty('acquired');
  });
});

needs('mount').test('a full disk: told, no half record, lock free; and there is room again', async () => {
  using disk = mountTmpfs({ sizeBytes: 64 * 1024 });
  path = join(disk.path, 'job.pid');
  const filler = join(disk.path, 'filler');
  expect(() => {
    for (let round = 0; ; round += 1) writeFileSync(filler, Buffer.alloc(4_096), { flag: 'a' });
  }).toThrow(/ENOSPC/);
  await expect(acquirePidfile(path)).rejects.toMatchObject({ code: 'ENOSPC', syscall: 'write', path });
  expect(content()).toBe('');
  expect(await lockHolders(path)).toEqual([]);
  await expect(pinPidfileOwner(path)).rejects.toMatchObject({ code: 'ESRCH' });
  const pidfile = Pidfile.open(path);
  pidfile.tryLock();
  expect(() => pidfile.write()).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
  expect(pidfile.isLocked).toBe(true);
  writeFileSync(filler, '');
  pidfile.write();
  expect(pidfile.read()?.pid).toBe(process.pid);
  pidfile.close();
});

needs('mount').test('a read-only file system', async () => {
  using disk = mountTmpfs({ sizeBytes: 64 * 1024, readOnly: true });
  await expect(acquirePidfile(join(disk.path, 'job.pid'))).rejects.toMatchObject({ code: 'EROFS' });
});

needs('strace').describe('killed at every call of acquiring', () => {
  const NOTHING_OR_WHOLE = /^(?:\d+\n\{.*\}\n)?$/;

  test.each(['openat', 'flock', 'fcntl', 'pwrite64', 'statx', 'close'])(
    '%s: the next starter wins',
    async (syscall) => {
      const rounds = await forEveryInjection(`${syscall}:signal=KILL`, async (inject) => {
        path = join(directory.path, `${Math.random()}.pid`);
        const { signal, stdout } = await inject(startOnce, [path]);
        if (signal !== 'SIGKILL') return expect(stdout).toContain('acquired');
        const left = content();
        expect(left ?? '').toMatch(NOTHING_OR_WHOLE);
        expect(await lockHolders(left === undefined ? directory.path : path)).toEqual([]);
        await expect(pinPidfileOwner(path)).rejects.toMatchObject({ code: 'ESRCH' });
        using pidfile = await acquirePidfile(path);
        expect(pidfile.read()?.pid).toBe(process.pid);
      });
      expect(rounds.length).toBeGreaterThan(1);
    },
  );

  test('ftruncate of an older record: it is there or not, and never trusted', async () => {
    await forEveryInjection('ftruncate:signal=KILL', async (inject) => {
      path = join(directory.path, `${Math.random()}.pid`);
      writeFileSync(path, `${process.pid}\n`);
      const { signal } = await inject(startOnce, [path]);
      if (signal !== 'SIGKILL') return;
      expect(content()).toBe(`${process.pid}\n`);
      await expect(pinPidfileOwner(path)).rejects.toMatchObject({ code: 'ESRCH' });
    });
  });
});
