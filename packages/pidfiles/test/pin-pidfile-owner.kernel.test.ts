import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, renameSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { lockFile } from '@osx/fcntl';
import { acquirePidfile, Pidfile, pinPidfileOwner } from '@osx/pidfiles';
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
const pinner = new URL('fixtures/pin.ts', import.meta.url);
const readForEver = new URL('fixtures/read-for-ever.ts', import.meta.url);
const startOften = new URL('fixtures/start-often.ts', import.meta.url);

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory('pin', { mode: 0o755 });
  path = join(directory.path, 'job.pid');
});
afterEach(() => directory[Symbol.dispose]());

/** Changes the JSON line of a record. */
function alterRecord(change: (facts: Record<string, unknown>) => void): void {
  const [pid = '', json = ''] = readFileSync(path, 'latin1').split('\n');
  const facts = JSON.parse(json) as Record<string, unknown>;
  change(facts);
  writeFileSync(path, `${pid}\n${JSON.stringify(facts)}\n`);
}

describe('the owner', () => {
  test('is found, signalled, and seen to end', async () => {
    await using daemon = await spawnFixture(holder, [path]);
    const before = openFds();
    const owner = await pinPidfileOwner(path);
    expect(owner).toMatchObject({ pid: daemon.pid, record: { pid: daemon.pid, origin: 'here' } });
    expect(owner.isAlive()).toBe(true);
    owner.kill(0);
    const { exited } = owner;
    owner.kill('SIGTERM');
    expect(await exited).toMatchObject({ signal: 'SIGTERM' });
    expect(owner.isAlive()).toBe(false);
    expect(() => owner.kill('SIGTERM')).toThrow(expect.objectContaining({ code: 'ESRCH' }));
    owner.close();
    owner.close();
    expect(() => owner.kill(0)).toThrow(expect.objectContaining({ code: 'EBADF' }));
    expect(() => owner.isAlive()).toThrow(expect.objectContaining({ code: 'EBADF' }));
    expectNoNewFds(before);
    await expect(pinPidfileOwner(path)).rejects.toMatchObject({ code: 'ESRCH' });
  });

  test('unknown signals are refused, and nothing is sent', async () => {
    await using daemon = await spawnFixture(holder, [path]);
    using owner = await pinPidfileOwner(path);
    for (const signal of ['SIGNONE', '', -1, 1.5, 99]) expect(() => owner.kill(signal)).toThrow(/signal/i);
    expect(owner.isAlive()).toBe(true);
    using pidfile = Pidfile.open(path);
    await pidfile.kill('KILL');
    expect(await daemon.exited).toMatchObject({ signal: 'SIGKILL' });
    await expect(pidfile.kill('KILL')).rejects.toMatchObject({ code: 'ESRCH' });
  });

  test('is another program, which holds by flock(2), an OFD lock or a POSIX lock', async () => {
    for (const kind of ['flock', 'ofd', 'posix'] as const) {
      // Before: for a process that closes the file again loses its POSIX lock.
      writeFileSync(path, `${process.pid}\n`);
      using _lock = await lockFile(path, { kind });
      if (kind === 'posix') {
        const { stdout } = await runFixture(pinner, [path]);
        expect(JSON.parse(stdout)).toMatchObject({ pid: process.pid });
        continue;
      }
      using owner = await pinPidfileOwner(path);
      expect(owner).toMatchObject({ pid: process.pid, record: { origin: 'unknown' } });
    }
  });

  test('holds a shared lock: that is a reader, not an owner', async () => {
    writeFileSync(path, `${process.pid}\n`);
    using _lock = await lockFile(path, { kind: 'flock', shared: true });
    await expect(pinPidfileOwner(path)).rejects.toMatchObject({ code: 'ESRCH' });
  });

  test('is found through a symbolic link', async () => {
    using _pidfile = await acquirePidfile(path);
    symlinkSync('job.pid', `${path}.link`);
    using owner = await pinPidfileOwner(`${path}.link`);
    expect(owner.pid).toBe(process.pid);
  });
});

describe('nobody', () => {
  test.each([
    ['no file', undefined],
    ['an empty file', ''],
    ['a process that runs and has no lock', `${process.pid}\n`],
    ['init', '1\n'],
  ])('%s: ESRCH', async (_, content) => {
    if (content !== undefined) writeFileSync(path, content);
    const before = openFds();
    await expect(pinPidfileOwner(path)).rejects.toMatchObject({ code: 'ESRCH', path });
    expectNoNewFds(before);
  });

  test('a zombie', async () => {
    // The shell becomes a sleep, which reaps nobody. The holder ends with its input, which & would make /dev/null.
    const script = '"$1" "$2" "$3" <&3 & echo $!; exec sleep 60';
    const args = ['-c', script, 'sh', process.execPath, holder.pathname, path];
    using shell = spawn('sh', args, { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
    let output = '';
    shell.stdout?.on('data', (chunk: Buffer) => (output += String(chunk)));
    await eventually(() => output.includes('ready'), { timeoutMs: 20_000 });
    const pid = Number(/^\d+/m.exec(output)?.[0]);
    using owner = await pinPidfileOwner(path);
    expect(owner.pid).toBe(pid);
    process.kill(pid, 'SIGKILL');
    // Its first thread is a zombie before the others have ended.
    await eventually(() => !owner.isAlive());
    expect(readFileSync(`/proc/${pid}/status`, 'latin1')).toMatch(/State:\tZ/);
    expect(() => owner.kill(0)).toThrow(expect.objectContaining({ code: 'ESRCH' }));
    await expect(pinPidfileOwner(path)).rejects.toMatchObject({ code: 'ESRCH' });
    shell.kill('SIGKILL');
    await once(shell, 'exit');
  });
});

describe('locked by one, and the record is not its own', () => {
  const undecided = async (why: string): Promise<void> => {
    const before = openFds();
    const error = (await pinPidfileOwner(path, { timeoutMs: 30 }).catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ code: 'ETIMEDOUT', path });
    expect(error.message).toContain(why);
    await eventually(() => expectNoNewFds(before) === undefined);
  };

  test('not written yet: waited for until the time is over', async () => {
    using pidfile = await acquirePidfile(path);
    pidfile.clear();
    await undecided(`process ${process.pid} has the lock, and has not written`);
  });

  test('garbage', async () => {
    using _pidfile = await acquirePidfile(path);
    writeFileSync(path, 'garbage');
    await undecided('and has not written');
  });

  test('of another process that runs', async () => {
    using _pidfile = await acquirePidfile(path);
    using bystander = spawn('sleep', ['60']);
    await once(bystander, 'spawn');
    writeFileSync(path, `${bystander.pid}\n`);
    await undecided(`and the record names process ${bystander.pid}`);
    expect(bystander.exitCode ?? bystander.signalCode).toBe(null);
    bystander.kill('SIGKILL');
    await once(bystander, 'exit');
  });

  test('of an earlier process with its pid: another identity, or another start time', async () => {
    using pidfile = await acquirePidfile(path);
    alterRecord((facts) => {
      facts['identity'] = { ...(facts['identity'] as object), inode: '1' };
    });
    await undecided('and the record names process');
    pidfile.write();
    alterRecord((facts) => {
      delete facts['identity'];
      facts['startTime'] = '1';
    });
    await undecided('and the record names process');
  });

  test('of another boot, with its pid', async () => {
    using _pidfile = await acquirePidfile(path);
    alterRecord((facts) => (facts['bootId'] = '0d9de9f0-0000-4000-8000-000000000000'));
    await undecided('and the record names process');
  });

  test('of another pid namespace, with its pid', async () => {
    using _pidfile = await acquirePidfile(path);
    alterRecord((facts) => {
      facts['pidNamespace'] = '1';
      facts['identity'] = { ...(facts['identity'] as object), inode: '1' };
    });
    await undecided('and the record names process');
  });

  test('written at last: pinned at once', async () => {
    await using daemon = await spawnFixture(holder, [path]);
    daemon.send('clear');
    await daemon.nextLine();
    const pinning = pinPidfileOwner(path, { timeoutMs: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    daemon.send('write');
    using owner = await pinning;
    expect(owner.pid).toBe(daemon.pid);
  });

  test('replaced by a new file with a new owner meanwhile', async () => {
    using pidfile = await acquirePidfile(path);
    pidfile.clear();
    const pinning = pinPidfileOwner(path, { timeoutMs: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const next = `${path}.next`;
    await using daemon = await spawnFixture(holder, [next]);
    renameSync(next, path);
    using owner = await pinning;
    expect(owner.pid).toBe(daemon.pid);
  });

  test('given up meanwhile: ESRCH; aborted: the reason', async () => {
    const pidfile = await acquirePidfile(path);
    pidfile.clear();
    const controller = new AbortController();
    const aborted = pinPidfileOwner(path, { signal: controller.signal });
    const pinning = pinPidfileOwner(path, { timeoutMs: 20_000 });
    aborted.catch(() => {});
    pinning.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    pidfile.close();
    await expect(pinning).rejects.toMatchObject({ code: 'ESRCH' });
  });

  test('removed while it is held', async () => {
    using _pidfile = await acquirePidfile(path);
    unlinkSync(path);
    await expect(pinPidfileOwner(path)).rejects.toMatchObject({ code: 'ESRCH' });
  });
});

needs('root', 'unprivileged-user', 'pidfs').describe('asked by nobody about a daemon of root', () => {
  const ask = async (signal = ''): Promise<Record<string, unknown>> => {
    const args = [path, signal, '{"timeoutMs":50}'];
    const { stdout } = await runFixture(pinner, args, asUnprivilegedUser);
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  test('known by its identity; a signal is refused', async () => {
    using _pidfile = await acquirePidfile(path);
    expect(await ask()).toEqual({ pid: process.pid, recorded: process.pid, origin: 'here', alive: true });
    expect(await ask('SIGTERM')).toMatchObject({ code: 'EPERM' });
  });

  test('not without an identity, nor with a wrong one', async () => {
    using pidfile = await acquirePidfile(path);
    writeFileSync(path, `${process.pid}\n`);
    expect(await ask()).toMatchObject({ code: 'EACCES' });
    pidfile.write();
    alterRecord((facts) => {
      facts['identity'] = { ...(facts['identity'] as object), inode: '1' };
    });
    expect(await ask()).toMatchObject({ code: 'ETIMEDOUT' });
  });

  test('not when nobody has the lock, although the process lives', async () => {
    const pidfile = await acquirePidfile(path);
    pidfile.close({ keep: true });
    expect(await ask()).toMatchObject({ code: 'ESRCH' });
  });

  test('a file that it may not read', async () => {
    using _pidfile = await acquirePidfile(path);
    chmodSync(path, 0o600);
    expect(await ask()).toMatchObject({ code: 'EACCES' });
  });
});

test('readers and pinners in a loop: of 200 starts none is refused', async () => {
  await using one = await spawnFixture(readForEver, [path]);
  await using two = await spawnFixture(readForEver, [path]);
  for (const keep of ['', 'keep']) {
    const { stdout } = await runFixture(startOften, [path, '100', keep]);
    expect(stdout).toBe('0\n');
  }
  expect([...one.takeLines(), ...two.takeLines()]).toEqual([]);
  expect(statSync(path).size).toBeGreaterThan(0);
});
