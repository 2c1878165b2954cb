import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fstatSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

import { openPidfd } from '@osx/linux/pidfd';
import type { Pidfd } from '@osx/linux/pidfd';
import {
  asUnprivilegedUser,
  codeThrownBy,
  eventually,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  straceInject,
  threadCount,
} from '@osx/test-support';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { processState, startGrandchild } from './fixtures/grandchild.ts';

let before: ReadonlyMap<number, string>;
beforeAll(() => {
  openPidfd(process.pid).close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

const children = new Set<ChildProcess>();
afterEach(async () => {
  for (const child of children) {
    const exited = once(child, 'exit');
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await exited;
  }
  children.clear();
});

/** A child of this process, reaped by Node, that runs until it is killed unless `script` ends. */
function start(script = 'exec sleep 600'): ChildProcess & { pid: number } {
  const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] });
  children.add(child);
  return child as ChildProcess & { pid: number };
}

/** `Pid:` of a pidfd as the kernel shows it. */
function kernelPid(pidfd: Pidfd): number {
  return Number(/^Pid:\s*(-?\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${pidfd.fd}`, 'latin1'))?.[1]);
}

describe('openPidfd', () => {
  test('pins the process that fdinfo names; the descriptor is close-on-exec', () => {
    const child = start();
    using pidfd = openPidfd(child.pid);
    expect([pidfd.pid, kernelPid(pidfd), pidfd.isThread, pidfd.isAlive()]).toEqual([child.pid, child.pid, false, true]);
    expect(openFds().get(pidfd.fd)).toMatch(/pidfd/);
    expect(execFileSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' })).not.toContain('pidfd');
  });

  test('opens this very process', () => {
    using self = openPidfd(process.pid);
    expect(self.isAlive()).toBe(true);
    self.sendSignal(0);
    expect(self.exitStatus()).toBeUndefined();
  });

  test('ESRCH for a process that was reaped, and for a number that nobody has', async () => {
    const child = start('exit 0');
    await once(child, 'exit');
    expect(() => openPidfd(child.pid)).toThrow(
      expect.objectContaining({
        code: 'ESRCH',
        syscall: 'pidfd_open',
        message: `ESRCH: no such process ${child.pid}, pidfd_open`,
      }),
    );
    expect(codeThrownBy(() => openPidfd(2 ** 31 - 1))).toBe('ESRCH');
  });

  test.each<[unknown, string]>([
    [0, 'ERR_OUT_OF_RANGE'],
    [-1, 'ERR_OUT_OF_RANGE'],
    [1.5, 'ERR_OUT_OF_RANGE'],
    [Number.NaN, 'ERR_OUT_OF_RANGE'],
    [2 ** 31, 'ERR_OUT_OF_RANGE'],
    ['1', 'ERR_INVALID_ARG_TYPE'],
    [undefined, 'ERR_INVALID_ARG_TYPE'],
  ])('pid %s is refused before any system call', (pid, code) => {
    expect(codeThrownBy(() => openPidfd(pid as number))).toBe(code);
    expect(codeThrownBy(() => openPidfd(1, { thread: 1 as never }))).toBe('ERR_INVALID_ARG_TYPE');
  });

  test('a thread needs the option, and ends alone', async () => {
    const worker = new Worker(
      `const { parentPort } = require('node:worker_threads');
       parentPort.once('message', () => process.exit());
       parentPort.postMessage(require('node:fs').readlinkSync('/proc/thread-self').split('/').at(-1));`,
      { eval: true },
    );
    const [tid] = (await once(worker, 'message')) as [string];
    const id = Number(tid);
    expect(() => openPidfd(id)).toThrow(
      expect.objectContaining({ code: 'EINVAL', message: expect.stringContaining(`${id} is a thread`) }),
    );
    using thread = openPidfd(id, { thread: true });
    using self = openPidfd(process.pid);
    expect([thread.isThread, thread.isAlive(), kernelPid(thread)]).toEqual([true, true, id]);
    const exited = thread.waitForExit();
    worker.postMessage('end');
    await exited;
    expect([thread.isAlive(), self.isAlive()]).toEqual([false, true]);
    expect(thread.isSame(self)).toBe(false);
  });
});

describe('sendSignal', () => {
  test('by name and by number', async () => {
    for (const [signal, name] of [
      ['SIGTERM', 'SIGTERM'],
      [10, 'SIGUSR1'],
    ] as const) {
      const child = start();
      using pidfd = openPidfd(child.pid);
      pidfd.sendSignal(signal);
      expect(await pidfd.waitForExit()).toEqual(expect.objectContaining({ signal: name, code: null }));
    }
  });

  test('signal 0 only asks', async () => {
    const child = start();
    using pidfd = openPidfd(child.pid);
    pidfd.sendSignal(0);
    expect(pidfd.isAlive()).toBe(true);
    pidfd.sendSignal('SIGKILL');
    await pidfd.waitForExit();
    expect(codeThrownBy(() => pidfd.sendSignal(0))).toBe('ESRCH');
  });

  test('ESRCH for a zombie too, of which kill(2) would say that all is well', async () => {
    await using grandchild = await startGrandchild();
    using pidfd = openPidfd(grandchild.pid);
    grandchild.exit();
    await pidfd.waitForExit();
    expect(processState(pidfd.pid)).toBe('Z');
    expect(process.kill(pidfd.pid, 0)).toBe(true);
    expect(pidfd.isAlive()).toBe(false);
    expect(codeThrownBy(() => pidfd.sendSignal('SIGTERM'))).toBe('ESRCH');
  });

  needs('unprivileged-user').test('EPERM for a process of somebody else', async () => {
    const child = start();
    const fixture = new URL('fixtures/pidfd-probe.ts', import.meta.url);
    const { stdout } = await runFixture(fixture, ['signal', String(child.pid)], {
      ...asUnprivilegedUser,
      input: 'go\n',
    });
    expect(stdout).toBe('ready\nEPERM pidfd_send_signal\n');
    using pidfd = openPidfd(child.pid);
    expect(pidfd.isAlive()).toBe(true);
  });

  test('to a process group', async () => {
    const child = spawn('sh', ['-c', 'sleep 600 & sleep 600'], { stdio: 'ignore', detached: true });
    children.add(child);
    using pidfd = openPidfd(child.pid as number);
    const members = await eventually(() => {
      const found = execFileSync('ps', ['-o', 'pid=', '-g', String(child.pid)], { encoding: 'utf8' })
        .split('\n')
        .filter(Boolean);
      return found.length === 3 && found.map(Number);
    });
    const sleeper = members.find((pid) => pid !== child.pid) as number;
    using member = openPidfd(sleeper);
    pidfd.sendSignal('SIGKILL', { scope: 'processGroup' });
    await Promise.all([pidfd.waitForExit(), member.waitForExit()]);
  });

  test.each<[unknown, string]>([
    [-1, 'ERR_OUT_OF_RANGE'],
    [65, 'ERR_OUT_OF_RANGE'],
    ['TERM', 'ERR_INVALID_ARG_VALUE'],
    ['SIGNOTHING', 'ERR_INVALID_ARG_VALUE'],
    ['toString', 'ERR_INVALID_ARG_VALUE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
  ])('signal %s is refused before any system call', (signal, code) => {
    using pidfd = openPidfd(process.pid);
    expect(codeThrownBy(() => pidfd.sendSignal(signal as string))).toBe(code);
    expect(codeThrownBy(() => pidfd.sendSignal(0, { scope: 'all' as never }))).toBe('ERR_INVALID_ARG_VALUE');
  });
});

describe('the exit', () => {
  test('of a child is known with its code or signal, and Node still gets its own', async () => {
    for (const [script, expected] of [
      ['exit 0', { code: 0, signal: null, signalNumber: null, coreDumped: false }],
      ['exit 255', { code: 255, signal: null, signalNumber: null, coreDumped: false }],
      ['kill -KILL $$', { code: null, signal: 'SIGKILL', signalNumber: 9, coreDumped: false }],
      ['kill -34 $$', { code: null, signal: 'SIG34', signalNumber: 34, coreDumped: false }],
    ] as const) {
      const child = start(`read line; ${script}`);
      const nodeExit = once(child, 'exit');
      using pidfd = openPidfd(child.pid);
      expect(pidfd.exitStatus()).toBeUndefined();
      child.stdin?.end();
      expect(await pidfd.waitForExit()).toEqual(expected);
      // Node has no name for a real-time signal and says that the child exited with 0.
      expect(await nodeExit).toEqual(expected.signal === 'SIG34' ? [0, null] : [expected.code, expected.signal]);
      expect(pidfd.exitStatus()).toEqual(expected);
    }
  });

  test('a child that exits while nobody can reap it: peeking leaves the zombie to Node', async () => {
    const child = start('exit 7');
    using pidfd = openPidfd(child.pid);
    // The event loop is blocked, so libuv has not reaped it.
    while (pidfd.isAlive());
    expect(processState(child.pid)).toBe('Z');
    expect(pidfd.exitStatus()?.code).toBe(7);
    expect(pidfd.exitStatus()?.code).toBe(7);
    expect(await once(child, 'exit')).toEqual([7, null]);
    expect(pidfd.exitStatus()?.code).toBe(7);
    expect(codeThrownBy(() => pidfd.reap())).toBe('ECHILD');
  });

  test('reap takes the zombie away, once', async () => {
    const { stdout } = await runFixture(new URL('fixtures/pidfd-probe.ts', import.meta.url), ['reap']);
    expect(stdout).toBe('running\n{"code":9,"signal":null,"signalNumber":null,"coreDumped":false}\nECHILD waitid\n');
  });

  needs('pidfs').test('of a process that is no child is known once its parent has reaped it', async () => {
    await using grandchild = await startGrandchild();
    using pidfd = openPidfd(grandchild.pid);
    const status = pidfd.waitForExitStatus();
    const exit = pidfd.waitForExit();
    grandchild.exit();
    expect(await exit).toBeUndefined();
    expect(processState(pidfd.pid)).toBe('Z');
    expect(pidfd.exitStatus()).toBeUndefined();
    await expect(pidfd.waitForExitStatus({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    grandchild.reap();
    expect(await status).toEqual({ code: 42, signal: null, signalNumber: null, coreDumped: false });
    expect(await pidfd.waitForExit()).toMatchObject({ code: 42 });
    expect(codeThrownBy(() => pidfd.reap())).toBe('ECHILD');
  });

  test('wakes many waiters of many processes, without a thread', async () => {
    const threads = threadCount();
    const started = Array.from({ length: 20 }, (_, index) => start(`sleep 0.1; exit ${index}`));
    const pidfds = started.map((child) => openPidfd(child.pid));
    const exits = pidfds.flatMap((pidfd) => [pidfd.exited, pidfd.waitForExit(), pidfd.waitForExitStatus()]);
    expect(threadCount()).toBe(threads);
    expect((await Promise.all(exits)).map((exit) => exit?.code)).toEqual(
      Array.from({ length: 60 }, (_, index) => Math.floor(index / 3)),
    );
    for (const pidfd of pidfds) pidfd.close();
  });

  test('`exited` is one promise, and known at once after the fact', async () => {
    const child = start('exit 4');
    using pidfd = openPidfd(child.pid);
    expect(pidfd.exited).toBe(pidfd.exited);
    expect(await pidfd.exited).toMatchObject({ code: 4 });
    expect(await pidfd.waitForExit({ timeoutMs: 0 })).toMatchObject({ code: 4 });
  });
});

describe('waiting', () => {
  test('ends with a timeout or with the reason of a signal, and leaves nothing behind', async () => {
    using pidfd = openPidfd(process.pid);
    const fds = openFds();
    await expect(pidfd.waitForExit({ timeoutMs: 0 })).rejects.toMatchObject({ code: 'ETIMEDOUT', syscall: 'poll' });
    await expect(pidfd.waitForExit({ timeoutMs: 5 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    const reason = new Error('enough');
    await expect(pidfd.waitForExit({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const pending = Array.from({ length: 50 }, () => pidfd.waitForExit({ signal: controller.signal }));
    controller.abort(reason);
    for (const result of await Promise.allSettled(pending)) expect(result).toEqual({ status: 'rejected', reason });
    expectNoNewFds(fds);
  });

  test.each<[object, string]>([
    [{ timeoutMs: Number.NaN }, 'ERR_OUT_OF_RANGE'],
    [{ timeoutMs: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ timeoutMs: '1' }, 'ERR_INVALID_ARG_TYPE'],
    [{ signal: {} }, 'ERR_INVALID_ARG_TYPE'],
  ])('with %o is refused', async (options, code) => {
    using pidfd = openPidfd(process.pid);
    await expect(pidfd.waitForExit(options)).rejects.toMatchObject({ code });
    await expect(pidfd.waitForExitStatus(options)).rejects.toMatchObject({ code });
  });

  test('is ended by close, which is idempotent', async () => {
    const pidfd = openPidfd(process.pid);
    const pending = [pidfd.waitForExit(), pidfd.waitForExitStatus(), pidfd.exited];
    pidfd.close();
    pidfd.close();
    expect(pidfd.isClosed).toBe(true);
    for (const wait of pending) {
      await expect(wait).rejects.toMatchObject({ code: 'EBADF', message: 'EBADF: the pidfd is closed, poll' });
    }
  });
});

test('`exited` that nobody listens to is no unhandled rejection when the pidfd is closed', async () => {
  const { stdout, stderr, code } = await runFixture(new URL('fixtures/pidfd-probe.ts', import.meta.url), ['exited']);
  expect([stdout, stderr, code]).toEqual(['done\n', '', 0]);
});

test.each<[string, (pidfd: Pidfd) => unknown]>([
  ['fd', (pidfd) => pidfd.fd],
  ['inode', (pidfd) => pidfd.inode],
  ['sendSignal', (pidfd) => pidfd.sendSignal(0)],
  ['isAlive', (pidfd) => pidfd.isAlive()],
  ['exitStatus', (pidfd) => pidfd.exitStatus()],
  ['reap', (pidfd) => pidfd.reap()],
  ['info', (pidfd) => pidfd.info()],
  ['identity', (pidfd) => pidfd.identity()],
  ['isSame', (pidfd) => pidfd.isSame(pidfd)],
])('a closed pidfd: %s throws EBADF', (_, use) => {
  const pidfd = openPidfd(process.pid);
  pidfd.close();
  expect(codeThrownBy(() => use(pidfd))).toBe('EBADF');
});

needs('pidfs').test('info tells parent and ids, and ESRCH after the reaping', async () => {
  const child = start();
  using pidfd = openPidfd(child.pid);
  expect(pidfd.info()).toMatchObject({
    pid: child.pid,
    threadGroupId: child.pid,
    parentPid: process.pid,
    realUid: process.getuid?.(),
    effectiveGid: process.getegid?.(),
  });
  const exited = once(child, 'exit');
  pidfd.sendSignal('SIGKILL');
  await exited;
  expect(codeThrownBy(() => pidfd.info())).toBe('ESRCH');
});

needs('pidfs').test('inode is the one of fstat, the same for every pidfd of a process', () => {
  using first = openPidfd(process.pid);
  using second = openPidfd(process.pid);
  expect(first.inode).toBe(fstatSync(first.fd, { bigint: true }).ino);
  expect(first.inode).toBe(second.inode);
});

describe('a pending wait', () => {
  const fixture = new URL('fixtures/pidfd-probe.ts', import.meta.url);

  test('keeps the process alive', async () => {
    const { code, stdout } = await runFixture(fixture, ['ref']);
    expect([code, stdout]).toEqual([0, 'exited 5\n']);
  });

  test('does not after unref', async () => {
    const { code, stdout } = await runFixture(fixture, ['unref']);
    expect([code, stdout]).toEqual([0, '']);
  });
});

describe('a kernel that lacks', () => {
  const fixture = new URL('fixtures/pidfd-probe.ts', import.meta.url);

  needs('strace').test.each([
    ['pidfd_open', 'pidfd_open:error=ENOSYS', 'open', 'ENOTSUP Linux 5.3'],
    ['pidfd_send_signal', 'pidfd_send_signal:error=ENOSYS', 'signal', 'ENOTSUP Linux 5.1'],
    ['PIDFD_THREAD', 'pidfd_open:error=EINVAL', 'thread', 'ENOTSUP Linux 6.9'],
    ['signal scopes', 'pidfd_send_signal:error=EINVAL', 'scope', 'ENOTSUP Linux 6.9'],
    ['PIDFD_GET_INFO', 'ioctl:error=ENOTTY', 'info', 'ENOTSUP Linux 6.13'],
    ['PIDFD_GET_INFO, but has other ioctls', 'ioctl:error=EINVAL', 'info', 'ENOTSUP Linux 6.13'],
    ['pidfs', 'statfs:poke_exit=@arg2=0904190900000000', 'inode', 'ENOTSUP Linux 6.9'],
  ])('%s says so', async (_, inject, what, expected) => {
    const { stdout, injected } = await straceInject(fixture, [what, String(process.pid)], inject, { whenReady: true });
    expect(injected).toBe(true);
    expect(stdout).toBe(`${expected}\n`);
  });
});
