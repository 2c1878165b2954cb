import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';

import { asUnprivilegedUser, eventually, needs, runFixture, spawnFixture } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

import { processExists, sendSignal, sendSignalToGroup, signals } from '@osx/signals';

import { receiver } from './receiver.ts';
import { startRemote } from './remote.ts';

const groups = new URL('fixtures/groups.ts', import.meta.url);

test('every way to name a signal ends a child', async () => {
  for (const signal of ['SIGTERM', 'term', 15, '15']) {
    const child = spawn('sleep', ['60']);
    sendSignal(child.pid as number, signal);
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
  }
});

describe.each(['main', 'worker'] as const)('from %s', (where) => {
  needs('linux', 'python3').test('real-time signals arrive, each of them, in order of numbers', async () => {
    await using from = await startRemote(where);
    await using to = await receiver({ signals: [34, 37, 50, 64] });
    for (const signal of ['SIGRTMAX', 'RTMIN+3', 50, 'SIGRTMIN', 'SIGRTMIN']) {
      expect(await from.call('sendSignal', to.pid, signal)).toEqual({ value: null });
    }
    expect(await to.receive(5)).toEqual(
      [34, 34, 37, 50, 64].map((number) => ({ number, value: 0, code: 0, pid: from.pid })),
    );
  });

  test('ESRCH names the call', async () => {
    await using from = await startRemote(where);
    // Beyond any pid_max: a number that was in use could be given to a stranger meanwhile.
    const gone = 2 ** 31 - 1;
    const error = { name: 'SystemError', code: 'ESRCH', syscall: 'kill', message: 'ESRCH: no such process, kill' };
    expect(await from.call('sendSignal', gone, 'SIGTERM')).toEqual({ error });
    expect(await from.call('sendSignalToGroup', gone, 'SIGTERM')).toEqual({ error });
    expect(await from.call('processExists', gone)).toEqual({ value: false });
  });

  needs('root', 'unprivileged-user').test("EPERM for another user's process, which exists", async () => {
    await using from = await startRemote(where, asUnprivilegedUser);
    await using to = await startRemote();
    const error = {
      name: 'SystemError',
      code: 'EPERM',
      syscall: 'kill',
      message: 'EPERM: operation not permitted, kill',
    };
    expect(await from.call('sendSignal', to.pid, 'SIGTERM')).toEqual({ error });
    expect(await from.call('sendSignal', to.pid, 0)).toEqual({ error });
    expect(await from.call('processExists', to.pid)).toEqual({ value: true });
    expect(await to.call('pid')).toEqual({ value: to.pid });
  });
});

test('signal 0 reaches nobody', async () => {
  await using to = await startRemote();
  for (const name of signals().keys())
    if (!['SIGKILL', 'SIGSTOP'].includes(name) && !name.startsWith('SIGRT')) await to.call('listen', name);
  sendSignal(to.pid, 0);
  expect(await to.call('pid')).toEqual({ value: to.pid });
  expect(to.events).toEqual([]);
});

needs('linux', 'python3').test('a zombie exists and takes a signal; once waited for it is gone', async () => {
  const program = `
import os, sys
pid = os.fork()
if pid == 0: os._exit(0)
os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
print(pid, flush=True)
sys.stdin.readline()
os.waitpid(pid, 0)
print('reaped', flush=True)
sys.stdin.readline()`;
  const parent = spawn('python3', ['-c', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const zombie = Number(String((await once(parent.stdout, 'data'))[0]));
    expect(processExists(zombie)).toBe(true);
    sendSignal(zombie, 'SIGTERM');
    parent.stdin.write('\n');
    await once(parent.stdout, 'data');
    // Tests that force pids run beside this one: a stranger may have the number by now.
    await eventually(() => processExists(zombie) === existsSync(`/proc/${zombie}`));
  } finally {
    const ended = once(parent, 'exit');
    parent.kill('SIGKILL');
    await ended;
  }
});

test('a group: all of it, and nobody else', async () => {
  await using led = await spawnFixture(groups, ['lead']);
  await using other = await spawnFixture(groups, ['lead']);
  const [leader, member] = JSON.parse(await led.nextLine()) as [number, number];
  const [otherLeader, otherMember] = JSON.parse(await other.nextLine()) as [number, number];
  expect([leader, member].map(processExists)).toEqual([true, true]);
  sendSignalToGroup(leader, 'SIGKILL');
  expect(JSON.parse(await led.nextLine())).toEqual([null, 'SIGKILL']);
  await eventually(() => !isRunning(member));
  expect([otherLeader, otherMember].map(processExists)).toEqual([true, true]);
  sendSignalToGroup(otherLeader, 'SIGTERM');
  expect(JSON.parse(await other.nextLine())).toEqual([null, 'SIGTERM']);
});

test('the own group, by its option: the others in it and the sender', async () => {
  const { stdout, signal } = await runFixture(groups, ['own-group']);
  expect({ lines: stdout.trim().split('\n').toSorted(), signal }).toEqual({
    lines: ['member ended by SIGUSR2', 'sender got SIGUSR2'],
    signal: null,
  });
});

needs('linux', 'pid-namespace').test('everyone, by its option, in a pid namespace of its own', async () => {
  const prefix = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const { stdout } = await runFixture(groups, ['everyone'], { prefix });
  expect(stdout).toBe('pid 1\nSIGTERM SIGTERM\nstill here\n');
});

/** An orphan stays a zombie where pid 1 waits for nobody. */
function isRunning(pid: number): boolean {
  return processExists(pid) && !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
}
