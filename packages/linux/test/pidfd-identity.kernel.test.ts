import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

import { openIdentity, openPidfd } from '@osx/linux/pidfd';
import type { PidfdIdentity } from '@osx/linux/pidfd';
import {
  asUnprivilegedUser,
  codeThrownBy,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  straceInject,
} from '@osx/test-support';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startGrandchild } from './fixtures/grandchild.ts';

const fixture = new URL('fixtures/identity-probe.ts', import.meta.url);

let before: ReadonlyMap<number, string>;
beforeAll(() => {
  openPidfd(process.pid).close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

/** Ends a child and waits until Node has reaped it. */
async function end(child: ReturnType<typeof spawn>): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

function stored(identity: PidfdIdentity): PidfdIdentity {
  return JSON.parse(JSON.stringify(identity)) as PidfdIdentity;
}

needs('pidfs').describe('an identity', () => {
  test('is plain data that finds its process again, as long as it is there', async () => {
    const child = spawn('sleep', ['600']);
    using pidfd = openPidfd(child.pid as number);
    const identity = stored(pidfd.identity());
    expect(identity).toEqual({
      bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(),
      pid: child.pid,
      inode: String(pidfd.inode),
      handle: identity.handle,
    });
    {
      using found = openIdentity(identity);
      expect([found.pid, found.isAlive(), found.isSame(pidfd), found.isSame(identity)]).toEqual([
        child.pid,
        true,
        true,
        true,
      ]);
    }
    await end(child);
    expect(() => openIdentity(identity)).toThrow(
      expect.objectContaining({ code: 'ESTALE', message: 'ESTALE: the process is gone, open_by_handle_at' }),
    );
    // While a pidfd of ours is open, and without a handle as well.
    const { handle: _, ...withoutHandle } = identity;
    expect(codeThrownBy(() => openIdentity(withoutHandle))).toBe('ESTALE');
  });

  test('of a zombie is still found, and known to have exited', async () => {
    await using grandchild = await startGrandchild();
    using pidfd = openPidfd(grandchild.pid);
    const identity = pidfd.identity();
    grandchild.exit();
    await pidfd.waitForExit();
    using found = openIdentity(identity);
    expect([found.isAlive(), found.isSame(pidfd)]).toEqual([false, true]);
    grandchild.reap();
    await pidfd.waitForExitStatus();
    expect(codeThrownBy(() => openIdentity(identity))).toBe('ESTALE');
    expect(found.exitStatus()?.code).toBe(42);
  });

  test('of another boot is stale, though every number fits', () => {
    using self = openPidfd(process.pid);
    const identity = { ...self.identity(), bootId: '00000000-0000-0000-0000-000000000000' };
    expect(() => openIdentity(identity)).toThrow(/^ESTALE: the process ran in another boot, /);
    expect(self.isSame(identity)).toBe(false);
  });

  test('without a handle is compared by inode: a stranger with the pid is not taken for it', () => {
    using self = openPidfd(process.pid);
    const { handle: _, ...identity } = self.identity();
    openIdentity(identity).close();
    expect(codeThrownBy(() => openIdentity({ ...identity, inode: String(self.inode + 1n) }))).toBe('ESTALE');
    expect(codeThrownBy(() => openIdentity({ ...identity, pid: process.ppid }))).toBe('ESTALE');
  });

  test('with a handle that leads elsewhere than its inode is stale', () => {
    using self = openPidfd(process.pid);
    using parent = openPidfd(process.ppid);
    const handle = parent.identity().handle as string;
    expect(codeThrownBy(() => openIdentity({ ...self.identity(), handle }))).toBe('ESTALE');
  });

  test('of a thread says so and opens as one, by handle or by number', async () => {
    const worker = new Worker(
      `const { readlinkSync } = require('node:fs');
       const { parentPort } = require('node:worker_threads');
       parentPort.on('message', () => process.exit());
       parentPort.postMessage(Number(readlinkSync('/proc/thread-self').split('/').at(-1)));`,
      { eval: true },
    );
    const exited = once(worker, 'exit');
    const [id] = (await once(worker, 'message')) as [number];
    using thread = openPidfd(id, { thread: true });
    const identity = stored(thread.identity());
    expect(identity.thread).toBe(true);
    const { handle: _, ...withoutHandle } = identity;
    for (const wanted of [identity, withoutHandle]) {
      using found = openIdentity(wanted);
      expect([found.pid, found.isThread, found.isSame(thread)]).toEqual([id, true, true]);
    }
    worker.postMessage('end');
    await exited;
    await thread.waitForExit();
    for (const wanted of [identity, withoutHandle]) expect(codeThrownBy(() => openIdentity(wanted))).toBe('ESTALE');
  });

  needs('unprivileged-user').test('is opened without privilege', async () => {
    const child = spawn('sleep', ['600'], asUnprivilegedUser);
    try {
      using pidfd = openPidfd(child.pid as number);
      const { stdout } = await runFixture(fixture, [JSON.stringify(pidfd.identity())], asUnprivilegedUser);
      expect(stdout).toBe(`found ${child.pid}\n`);
    } finally {
      await end(child);
    }
  });

  needs('strace').test.each([
    ['a kernel whose pidfs has no root descriptor (6.14)', 'open_by_handle_at:error=EBADF:when=1', 2],
    ['a kernel that asks for privilege', 'open_by_handle_at:error=EPERM:when=1', 1],
    ['a kernel without handles of pidfs', 'open_by_handle_at:error=EOPNOTSUPP:when=1', 1],
  ])('%s finds the process all the same', async (_, inject, tries) => {
    using self = openPidfd(process.pid);
    const { stdout, injected, trace } = await straceInject(fixture, [JSON.stringify(self.identity())], inject);
    expect(injected).toBe(true);
    expect(stdout).toBe(`found ${process.pid}\n`);
    expect(trace.match(/open_by_handle_at\(/g)).toHaveLength(tries);
  });

  test('that is not one is refused before any system call', () => {
    using self = openPidfd(process.pid);
    const good = self.identity();
    for (const [bad, code] of [
      [null, 'ERR_INVALID_ARG_TYPE'],
      ['1', 'ERR_INVALID_ARG_TYPE'],
      [{}, 'ERR_INVALID_ARG_TYPE'],
      [{ ...good, bootId: 1 }, 'ERR_INVALID_ARG_TYPE'],
      [{ ...good, pid: 0 }, 'ERR_OUT_OF_RANGE'],
      [{ ...good, inode: 7 }, 'ERR_INVALID_ARG_TYPE'],
      [{ ...good, inode: '-7' }, 'ERR_INVALID_ARG_VALUE'],
      [{ ...good, inode: '1e3' }, 'ERR_INVALID_ARG_VALUE'],
      [{ ...good, handle: 7 }, 'ERR_INVALID_ARG_TYPE'],
      [{ ...good, handle: '' }, 'ERR_INVALID_ARG_VALUE'],
      [{ ...good, handle: 'xyz' }, 'ERR_INVALID_ARG_VALUE'],
      // It claims more bytes than it has: the kernel would read behind them.
      [{ ...good, handle: '80000000fe00000001000000' }, 'ERR_INVALID_ARG_VALUE'],
      [{ ...good, handle: '00000000fe000000' }, 'ERR_INVALID_ARG_VALUE'],
      [{ ...good, thread: 'yes' }, 'ERR_INVALID_ARG_TYPE'],
    ] as [PidfdIdentity, string][]) {
      expect(
        codeThrownBy(() => openIdentity(bad)),
        JSON.stringify(bad),
      ).toBe(code);
    }
    expect(codeThrownBy(() => self.isSame(null as never))).toBe('ERR_INVALID_ARG_TYPE');
  });

  test('isSame tells processes apart', () => {
    using self = openPidfd(process.pid);
    using again = openPidfd(process.pid);
    using parent = openPidfd(process.ppid);
    expect([self.isSame(again), self.isSame(parent), self.isSame(parent.identity())]).toEqual([true, false, false]);
  });
});

/** Starts processes until one has this pid. Pids are given in turn, so the next one fits unless somebody was faster. */
async function startWithPid(pid: number): Promise<ReturnType<typeof spawn>> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1));
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    if (child.pid === pid) return child;
    await end(child);
  }
  throw new Error(`no process with pid ${pid}`);
}

needs('ns-last-pid', 'pidfs').test(
  'a pid given to a stranger: the pidfd signals nobody, the identity finds nobody',
  async () => {
    for (let round = 0; round < 10; round += 1) {
      const original = spawn('sleep', ['600'], { stdio: 'ignore' });
      const pid = original.pid as number;
      using pidfd = openPidfd(pid);
      const identity = pidfd.identity();
      const { handle: _, ...withoutHandle } = identity;
      await end(original);

      const stranger = await startWithPid(pid);
      try {
        // A pid and kill(2) would hit the stranger.
        expect(process.kill(pid, 0)).toBe(true);
        expect(codeThrownBy(() => pidfd.sendSignal('SIGKILL'))).toBe('ESRCH');
        expect(codeThrownBy(() => pidfd.sendSignal(0))).toBe('ESRCH');
        expect(pidfd.isAlive()).toBe(false);
        expect(codeThrownBy(() => openIdentity(identity))).toBe('ESTALE');
        expect(codeThrownBy(() => openIdentity(withoutHandle))).toBe('ESTALE');
        using strangers = openPidfd(pid);
        expect([strangers.pid, strangers.isAlive(), strangers.isSame(pidfd), strangers.isSame(identity)]).toEqual([
          pid,
          true,
          false,
          false,
        ]);
        expect(stranger.signalCode).toBeNull();
      } finally {
        await end(stranger);
      }
    }
  },
);
