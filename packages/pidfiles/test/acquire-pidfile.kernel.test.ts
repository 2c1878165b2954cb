import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { lockHolders } from '@osx/fcntl';
import { acquirePidfile, isPidfileHeldError, Pidfile, readPidfile } from '@osx/pidfiles';
import type { PidfileHeldError } from '@osx/pidfiles';
import {
  asUnprivilegedUser,
  eventually,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  spawnFixture,
  temporaryDirectory,
} from '@osx/test-support';

const holder = new URL('fixtures/holder.ts', import.meta.url);
const startOnce = new URL('fixtures/start-once.ts', import.meta.url);
const acquireInWorker = new URL('fixtures/acquire-in-worker.ts', import.meta.url);

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory('acquire', { mode: 0o777 });
  path = join(directory.path, 'job.pid');
});
afterEach(() => directory[Symbol.dispose]());

test('opens, locks and writes', async () => {
  using pidfile = await acquirePidfile(path, { info: { a: 1 }, mode: 0o600 });
  expect(pidfile).toMatchObject({ path, isLocked: true });
  expect(readPidfile(path)).toMatchObject({ pid: process.pid, info: { a: 1 } });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

describe('refused', () => {
  test('at once, with the pid of the owner, and nothing is changed', async () => {
    await using first = await spawnFixture(holder, [path]);
    const before = { stats: statSync(path, { bigint: true }), bytes: readFileSync(path) };
    const fds = openFds();
    const error = (await acquirePidfile(path).catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ name: 'SystemError', code: 'EEXIST', ownerPid: first.pid, path, syscall: 'flock' });
    expect(error.message).toContain(`process ${first.pid}`);
    expect(readFileSync(path)).toEqual(before.bytes);
    const { ino, mtimeNs, ctimeNs } = before.stats;
    expect(statSync(path, { bigint: true })).toMatchObject({ ino, mtimeNs, ctimeNs });
    expectNoNewFds(fds);
  });

  test('by another Pidfile of this process', async () => {
    using _first = await acquirePidfile(path);
    await expect(acquirePidfile(path)).rejects.toMatchObject({ code: 'EEXIST', ownerPid: process.pid });
    await expect(acquirePidfile(path)).rejects.toSatisfy(isPidfileHeldError);
    await expect(acquirePidfile(path, { timeoutMs: 1 })).rejects.toSatisfy(isPidfileHeldError);
    await expect(acquirePidfile('/')).rejects.not.toSatisfy(isPidfileHeldError);
    expect(isPidfileHeldError(Object.assign(new Error('x'), { code: 'EEXIST', ownerPid: 1 }))).toBe(false);
  });

  test('after the time, with the pid of the owner; at an abort with its reason', async () => {
    await using first = await spawnFixture(holder, [path]);
    await expect(acquirePidfile(path, { timeoutMs: 30 })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      ownerPid: first.pid,
    });
    const controller = new AbortController();
    const waiting = acquirePidfile(path, { timeoutMs: Infinity, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  test('a stopped owner keeps it', async () => {
    await using first = await spawnFixture(holder, [path]);
    first.kill('SIGSTOP');
    await expect(acquirePidfile(path)).rejects.toMatchObject({ code: 'EEXIST', ownerPid: first.pid });
  });

  test.each([
    ['an older record', '1\n'],
    ['garbage', 'garbage'],
    ['nothing', ''],
  ])('locked and not yet written, with %s in it: the owner is whom the kernel names', async (_, content) => {
    writeFileSync(path, content);
    await using first = await spawnFixture(holder, [path]);
    first.send('clear');
    await first.nextLine();
    writeFileSync(path, content);
    await expect(acquirePidfile(path)).rejects.toMatchObject({ code: 'EEXIST', ownerPid: first.pid });
    expect(readFileSync(path, 'latin1')).toBe(content);
  });

  needs('flock').test('two share the lock and have not written: their record is waited for', async () => {
    writeFileSync(path, '');
    // flock(1) keeps the descriptor, and so does its child, which writes its own pid a little later.
    const script = 'echo ready; read go; echo $$ > "$1"; read end';
    using child = spawn('flock', [path, 'sh', '-c', script, 'sh', path], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const before = openFds();
    const refused = acquirePidfile(path).catch((reason: unknown) => reason);
    const isWatching = (): boolean =>
      [...openFds()].some(([fd, to]) => to.includes('inotify') && before.get(fd) !== to);
    await eventually(isWatching, { intervalMs: 1 });
    child.stdin.write('\n');
    const error = await refused;
    const written = Number(readFileSync(path, 'latin1'));
    expect(written).toBeGreaterThan(1);
    expect(written).not.toBe(child.pid);
    expect(error).toMatchObject({ code: 'EEXIST', ownerPid: written });
    child.stdin.end('\n');
    await once(child, 'exit');
  });

  needs('flock').test('two share the lock and never write: one of them, after a while', async () => {
    writeFileSync(path, '');
    using child = spawn('flock', [path, 'sh', '-c', 'echo $$; read end'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const error = (await acquirePidfile(path).catch((reason: unknown) => reason)) as PidfileHeldError;
    expect([child.pid, Number(String(line))]).toContain(error.ownerPid);
    child.stdin.end('\n');
    await once(child, 'exit');
  });

  needs('root', 'unprivileged-user').test('by a process that may not be looked at: whom the table names', async () => {
    using _pidfile = await acquirePidfile(path, { mode: 0o666 });
    chmodSync(path, 0o666);
    const { stdout } = await runFixture(startOnce, [path], { ...asUnprivilegedUser, input: 'go\n' });
    expect(JSON.parse(stdout.replace('ready\n', ''))).toMatchObject({ code: 'EEXIST', ownerPid: process.pid });
  });
});

describe('what was left behind is in nobody\u2019s way', () => {
  test('after SIGKILL of the owner, at once and for a waiter', async () => {
    await using first = await spawnFixture(holder, [path]);
    const waiting = acquirePidfile(path, { timeoutMs: 20_000 });
    first.kill('SIGKILL');
    using pidfile = await waiting;
    expect(readPidfile(path)).toMatchObject({ pid: process.pid });
    pidfile.close({ keep: true });
    using _again = await acquirePidfile(path);
  });

  test.each([
    ['garbage', 'garbage '.repeat(100)],
    ['this very process, in a stale record', `${process.pid}\n`],
    ['init', '1\n'],
    ['a long file', 'x'.repeat(100_000)],
  ])('%s', async (_, content) => {
    writeFileSync(path, content);
    using _pidfile = await acquirePidfile(path);
    expect(readPidfile(path)).toMatchObject({ pid: process.pid, origin: 'here' });
    expect(statSync(path).size).toBeLessThan(1_000);
  });
});

test('a waiter proceeds when the owner closes, and its file is not the one that was removed', async () => {
  await using first = await spawnFixture(holder, [path]);
  const waiting = acquirePidfile(path, { timeoutMs: 20_000 });
  first.send('close');
  using pidfile = await waiting;
  expect(readPidfile(path)?.pid).toBe(process.pid);
  expect(statSync(path).ino).toBe(statSync(`/proc/self/fd/${pidfile.fd}`).ino);
});

test('10 at once: one wins, 9 name it; killed: one of the next 10', async () => {
  for (let round = 0; round < 2; round += 1) {
    const started = await Promise.allSettled(
      Array.from({ length: 10 }, () => spawnFixture(holder, [path], { readyTimeoutMs: 60_000 })),
    );
    const winners = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const losers = started.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    expect(winners.length).toBe(1);
    await using winner = winners[0];
    expect(readPidfile(path)?.pid).toBe(winner?.pid);
    for (const loser of losers) expect(loser).toContain(`EEXIST: process ${winner?.pid}`);
  }
}, 120_000);

test('a Worker excludes the others; terminate() frees it', async () => {
  const start = async () => {
    const worker = new Worker(acquireInWorker, { workerData: path });
    const [message] = (await once(worker, 'message')) as [string];
    return { worker, message };
  };
  const before = openFds();
  const first = await start();
  const second = await start();
  expect([first.message, second.message]).toEqual(['acquired', 'EEXIST']);
  await second.worker.terminate();
  await expect(acquirePidfile(path)).rejects.toMatchObject({ code: 'EEXIST', ownerPid: process.pid });
  await first.worker.terminate();
  expect(await lockHolders(path)).toEqual([]);
  const third = await start();
  expect(third.message).toBe('acquired');
  third.worker.postMessage('close');
  await once(third.worker, 'exit');
  expect(statSync(path, { throwIfNoEntry: false })).toBe(undefined);
  const left = (): string[] => [...openFds()].filter(([fd, target]) => before.get(fd) !== target).map(String);
  await eventually(() => !left().some((descriptor) => descriptor.includes('job.pid')));
});

test('the path replaced between open and lock: the lock is on the new file', async () => {
  using first = Pidfile.open(path);
  const inode = statSync(path).ino;
  writeFileSync(`${path}.other`, '');
  renameSync(`${path}.other`, path);
  expect(first.tryLock()).toBe(true);
  expect(statSync(path).ino).not.toBe(inode);
  expect(statSync(`/proc/self/fd/${first.fd}`).ino).toBe(statSync(path).ino);
});
