import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { lockHolders } from '@osx/fcntl';
import { acquirePidfile, Pidfile, pinPidfileOwner, readPidfile } from '@osx/pidfiles';
import { eventually, openFds, spawnFixture, temporaryDirectory } from '@osx/test-support';

const daemonFixture = new URL('fixtures/daemon.ts', import.meta.url);

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory('inheritance');
  path = join(directory.path, 'job.pid');
});
afterEach(() => directory[Symbol.dispose]());

/** What a child that was given nothing has open on the pidfile. */
function inheritedByChild(): string {
  return spawnSync('sh', ['-c', `ls -l /proc/self/fd | grep -c '${path}'`], { encoding: 'latin1' }).stdout.trim();
}

test('no child inherits the descriptor, unless it is inheritable', async () => {
  {
    using _pidfile = await acquirePidfile(path);
    expect(inheritedByChild()).toBe('0');
  }
  using _pidfile = await acquirePidfile(path, { inheritable: true });
  expect(inheritedByChild()).toBe('1');
});

test('a daemon gets the lock over stdio: its parent closes, the lock and the file stay, readers see the daemon', async () => {
  const parent = Pidfile.open(path);
  expect(parent.tryLock()).toBe(true);
  await using daemon = await spawnFixture(daemonFixture, [path], { stdio: ['pipe', 'pipe', 'pipe', parent.fd] });
  daemon.send('write');
  await daemon.nextLine();
  parent.close();
  expect(readPidfile(path)).toMatchObject({ pid: daemon.pid, origin: 'here', info: { daemon: true } });
  expect(await lockHolders(path)).toMatchObject([{ pid: daemon.pid, isProven: true }]);
  await expect(acquirePidfile(path)).rejects.toMatchObject({ code: 'EEXIST', ownerPid: daemon.pid });
  using owner = await pinPidfileOwner(path);
  expect(owner.pid).toBe(daemon.pid);
  daemon.send('close');
  await daemon.nextLine();
  expect(statSync(path, { throwIfNoEntry: false })).toBe(undefined);
});

test('a parent that had written its own record removes nothing that its child still has locked', async () => {
  const parent = await acquirePidfile(path);
  await using daemon = await spawnFixture(daemonFixture, [path], { stdio: ['pipe', 'pipe', 'pipe', parent.fd] });
  parent.close();
  expect(readPidfile(path)?.pid).toBe(process.pid);
  await expect(acquirePidfile(path)).rejects.toMatchObject({ code: 'EEXIST', ownerPid: daemon.pid });
  daemon.send('write');
  await daemon.nextLine();
  expect(readPidfile(path)?.pid).toBe(daemon.pid);
});

test('while both have it the record says who owns it', async () => {
  using parent = await acquirePidfile(path);
  await using daemon = await spawnFixture(daemonFixture, [path], { stdio: ['pipe', 'pipe', 'pipe', parent.fd] });
  await expect(acquirePidfile(path)).rejects.toMatchObject({ ownerPid: process.pid });
  {
    using owner = await pinPidfileOwner(path);
    expect(owner.pid).toBe(process.pid);
  }
  daemon.send('write');
  await daemon.nextLine();
  await expect(acquirePidfile(path)).rejects.toMatchObject({ ownerPid: daemon.pid });
  using owner = await pinPidfileOwner(path);
  expect(owner.pid).toBe(daemon.pid);
});

test('the owner is dead and a child keeps the lock: still held, and nobody is pinned', async () => {
  using parent = Pidfile.open(path);
  parent.tryLock();
  await using daemon = await spawnFixture(daemonFixture, [path], { stdio: ['pipe', 'pipe', 'pipe', parent.fd] });
  daemon.send('write');
  await daemon.nextLine();
  using keeper = spawn('cat', [], { stdio: ['pipe', 'ignore', 'inherit', parent.fd] });
  await once(keeper, 'spawn');
  parent.close();
  daemon.kill('SIGKILL');
  await daemon.exited;
  await expect(acquirePidfile(path)).rejects.toMatchObject({ code: 'EEXIST', ownerPid: keeper.pid });
  const error = (await pinPidfileOwner(path, { timeoutMs: 50 }).catch((reason: unknown) => reason)) as Error;
  expect(error).toMatchObject({ code: 'ETIMEDOUT' });
  expect(error.message).toContain(`process ${keeper.pid} has the lock, and the record names process ${daemon.pid}`);
  keeper.stdin?.end();
  await once(keeper, 'exit');
  await expect(pinPidfileOwner(path)).rejects.toMatchObject({ code: 'ESRCH' });
});

test('fromFd: takes an unlocked descriptor, and is not inheritable unless told', async () => {
  const pidfile = Pidfile.fromFd(openSync(path, 'w+'), path);
  expect(pidfile.isLocked).toBe(true);
  expect(inheritedByChild()).toBe('0');
  pidfile.write();
  await expect(acquirePidfile(path)).rejects.toMatchObject({ code: 'EEXIST' });
  pidfile.close();
  expect(statSync(path, { throwIfNoEntry: false })).toBe(undefined);
  using _inheritable = Pidfile.fromFd(openSync(path, 'w+'), path, { inheritable: true });
  expect(inheritedByChild()).toBe('1');
});

test('fromFd refuses, and then leaves the descriptor to its owner', async () => {
  writeFileSync(path, '');
  const fd = openSync(path, 'r+');
  const readOnly = openSync(path, 'r');
  const directoryFd = openSync(directory.path, 'r');
  const before = openFds().size;
  const refuses = (number: number, code: string, at = path) =>
    expect(() => Pidfile.fromFd(number, at)).toThrow(expect.objectContaining({ code }));
  refuses(1_000_000, 'EBADF');
  refuses(readOnly, 'EBADF');
  refuses(directoryFd, 'ERR_OSX_INVALID_PIDFILE', directory.path);
  refuses(fd, 'ESTALE', `${path}.none`);
  refuses(fd, 'ESTALE', directory.path);
  {
    using _holder = await acquirePidfile(path);
    refuses(fd, 'EEXIST');
  }
  // The holder has removed the file.
  refuses(fd, 'ESTALE');
  expect(readFileSync(fd, 'latin1')).toContain(String(process.pid));
  writeFileSync(`${path}.new`, '');
  renameSync(`${path}.new`, path);
  refuses(fd, 'ESTALE');
  expect(openFds().size).toBe(before);
  for (const number of [fd, readOnly, directoryFd]) closeSync(number);
  unlinkSync(path);
});

test('a descriptor that somebody closed by number: the lock is gone, and close() says so', async () => {
  const pidfile = await acquirePidfile(path);
  closeSync(pidfile.fd);
  await eventually(async () => (await lockHolders(path)).length === 0);
  expect(() => pidfile.close()).toThrow(expect.objectContaining({ code: 'EBADF' }));
  expect(pidfile.isClosed).toBe(true);
});
