import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import { openPidfd } from '@osx/linux/pidfd';
import {
  eventually,
  expectNoNewFds,
  hasCapability,
  needs,
  openFds,
  runFixture,
  spawnFixture,
  temporaryDirectory,
} from '@osx/test-support';
import { describe, expect } from 'vitest';

import { ProcessDeathpact } from '@osx/deathpacts';

const { test } = needs('linux');
const needsPidfs = hasCapability('pidfs');
const child = new URL('fixtures/child.ts', import.meta.url);
const recycled = new URL('fixtures/recycled.ts', import.meta.url);

function sleeper() {
  const one = spawn('sleep', ['300'], { stdio: 'ignore' });
  const ended = once(one, 'exit');
  return {
    pid: one.pid as number,
    async end() {
      one.kill('SIGKILL');
      await ended;
    },
    async [Symbol.asyncDispose]() {
      await this.end();
    },
  };
}

const startTime = (pid: number): string =>
  readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[19] ?? '';

describe('asked', () => {
  test('by pid, start time, identity or pidfd: lives while the process does, and frees what it holds', async () => {
    await using target = sleeper();
    const before = openFds();
    using pidfd = openPidfd(target.pid);
    const pacts = [
      { pid: target.pid },
      { pid: target.pid, startTime: startTime(target.pid) },
      { pid: target.pid, startTime: Number(startTime(target.pid)) },
      ...(needsPidfs ? [{ identity: pidfd.identity() }] : []),
      { pidfd },
      { pidfd: pidfd.fd },
    ].map((options) => new ProcessDeathpact({ ...options, watch: false }));
    expect(pacts.map((pact) => pact.shouldDie())).toEqual(pacts.map(() => false));
    await target.end();
    expect(pacts.map((pact) => pact.shouldDie())).toEqual(pacts.map(() => true));
    expect(pacts[0]?.reason()).toBe(`process ${target.pid} has ended`);
    for (const pact of pacts) pact.close();
    expect(pacts.map((pact) => pact.shouldDie())).toEqual(pacts.map(() => false));
    expect(pidfd.isClosed).toBe(false);
    pidfd.close();
    expectNoNewFds(before);
  });

  test('a zombie has ended', async () => {
    // Its shell becomes a program that never waits for it.
    const shell = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 300'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = once(shell, 'exit');
    const [line] = (await once(shell.stdout, 'data')) as [Buffer];
    using pact = new ProcessDeathpact({ pid: Number(line.toString()), watch: false });
    await eventually(() => pact.shouldDie());
    shell.kill('SIGKILL');
    await ended;
  });

  test('of what never was: another start time, another boot, a pid that is free', () => {
    const self = openPidfd(process.pid);
    const verdict = (options: object): boolean => {
      using pact = new ProcessDeathpact({ ...options, watch: false });
      return pact.shouldDie();
    };
    expect(verdict({ pid: process.pid, startTime: 1 })).toBe(true);
    if (needsPidfs) expect(verdict({ identity: { ...self.identity(), bootId: 'another' } })).toBe(true);
    expect(verdict({ pid: 2 ** 31 - 1 })).toBe(true);
    self.close();
  });

  test('of what is no pidfd', () => {
    const before = openFds();
    expect(() => new ProcessDeathpact({ pidfd: 1_000_000 })).toThrow(expect.objectContaining({ code: 'EBADF' }));
    expect(() => new ProcessDeathpact({ pidfd: 2 })).toThrow(expect.objectContaining({ code: 'EINVAL' }));
    expectNoNewFds(before);
  });
});

needs('ns-last-pid', 'pid-namespace', 'pidfs').test(
  'the pid is a stranger’s by now: only a bare pid believes in it',
  async () => {
    const prefix = ['unshare', '--pid', '--fork', '--mount-proc'];
    const { stdout } = await runFixture(recycled, [], { prefix });
    expect(JSON.parse(stdout)).toEqual({
      isRecycled: true,
      pinnedBefore: true,
      byIdentity: true,
      byStartTime: true,
      byPidfd: true,
      byPid: false,
    });
  },
);

describe('watched', () => {
  test.each(['pid', 'pidfd'])('by %s: the end of the process is the end', async (what) => {
    await using target = sleeper();
    using pidfd = openPidfd(target.pid);
    const options = what === 'pid' ? { pid: target.pid } : { pidfd: 3 };
    const stdio = ['ignore', 'pipe', 'inherit', pidfd.fd] as const;
    await using one = await spawnFixture(child, ['ProcessDeathpact', JSON.stringify(options)], { stdio: [...stdio] });
    expect(await one.nextLine()).toBe('[false,[]]');
    await target.end();
    expect(await one.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });

  needs('pid-namespace').test('from another pid namespace, by the pidfd that it inherited', async () => {
    await using target = sleeper();
    using pidfd = openPidfd(target.pid);
    const stdio = ['ignore', 'pipe', 'inherit', pidfd.fd] as const;
    const prefix = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const args = ['ProcessDeathpact', '{"pidfd":3}'];
    await using one = await spawnFixture(child, args, { stdio: [...stdio], prefix });
    await target.end();
    expect(await one.exited).toMatchObject({ code: 143 });
  });

  test('a process that is gone already: the program never gets further than the constructor', async () => {
    const target = sleeper();
    await target.end();
    const options = JSON.stringify({ pid: target.pid, startTime: 1, signal: 'SIGHUP' });
    expect(await runFixture(child, ['ProcessDeathpact', options])).toMatchObject({ signal: 'SIGHUP', stdout: '' });
  });

  test('it keeps nobody alive, unless by ref()', async () => {
    await using target = sleeper();
    const options = JSON.stringify({ pid: target.pid });
    expect(await runFixture(child, ['ProcessDeathpact', options, 'idle'])).toMatchObject({ code: 0 });
    await using one = await spawnFixture(child, ['ProcessDeathpact', options, 'ref']);
    await target.end();
    expect(await one.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });
});

test('without the optional package: what needs it says so, and pipes and heartbeats work', async () => {
  using directory = temporaryDirectory('no-linux');
  const { stdout } = await runFixture(new URL('fixtures/without-backend.ts', import.meta.url), [directory.path]);
  const [signal, process_, pipe, heartbeat] = stdout.split('\n');
  for (const line of [signal, process_])
    expect(line).toMatch(/^UnsupportedError ENOTSUP .*@osx\/linux.*--omit=optional/);
  expect([pipe, heartbeat]).toEqual(['false', 'false']);
});
