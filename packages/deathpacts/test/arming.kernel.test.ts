import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { openPidfd } from '@osx/linux/pidfd';
import { linuxConstants } from '@osx/native-ffi';
import { asUnprivilegedUser, eventually, needs, runFixture, spawnFixture, temporaryDirectory } from '@osx/test-support';
import { describe, expect } from 'vitest';

import { killParentOf } from './family.ts';

const fixture = new URL('fixtures/arming.ts', import.meta.url);
const childOfWorker = new URL('fixtures/child-of-worker.ts', import.meta.url);
const own = String(process.pid);
const { test } = needs('linux');

const json = async (...args: Parameters<typeof runFixture>): Promise<unknown> => {
  const { stdout, stderr } = await runFixture(...args);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
};

test('the pact made last has the setting, and each takes back its own only', async () => {
  expect(await json(fixture, ['steps', own])).toEqual([
    [
      ['SIGUSR2', true],
      ['SIGTERM', false, true],
      ['SIGTERM', false, true],
      [null, false, false],
      ['SIG61', true],
      ['SIGTERM', true],
    ],
    false,
    0,
    0,
  ]);
});

test('a Worker is refused, and the process stays as it was', async () => {
  expect(await json(fixture, ['worker', own])).toEqual([
    {
      name: 'UnsupportedError',
      code: 'ENOTSUP',
      message: expect.stringMatching(/parent death signal in a Worker.*main thread/) as string,
    },
    null,
  ]);
});

test('a shell in between is the parent: it ends at once, and a pact with the process itself does not', async () => {
  const prefix = ['sh', '-c', '"$@"; exit $?', 'sh'];
  expect(await runFixture(fixture, ['survive', own], { prefix })).toMatchObject({ code: 128 + 15, stdout: '' });
  expect(await runFixture(fixture, ['survive', own])).toMatchObject({ code: 0, stdout: 'survived\n' });
  expect(await runFixture(fixture, ['process', own], { prefix })).toMatchObject({ code: 0, stdout: 'false\n' });
});

describe('a parent with the pid', () => {
  const namespace = needs('pid-namespace');
  const prefix = ['unshare', '--pid', '--fork', '--mount-proc'];

  namespace.test('0 or 1 is a parent like any other', async () => {
    expect(await json(fixture, ['namespace'], { prefix })).toEqual([1, 0, 0, true, false, '1,1,true,false']);
  });

  namespace.test.each([
    ['SIGTERM', 143],
    ['SIGKILL', 137],
  ])('the first process of a container ends too, whom the kernel spares its own %s', async (signal, code) => {
    expect(await runFixture(fixture, ['first', '0', signal], { prefix })).toMatchObject({ code, stdout: '' });
  });
});

describe('what takes the setting off', () => {
  const dump = /Parent death signal: (.*)/i;

  needs('root').test('a change of the group: isArmed() tells, poll() arms anew', async () => {
    expect(await json(fixture, ['egid', own])).toEqual([[true, false, false, true], null]);
  });

  needs('root').test('and the pact holds all the same: the parent is watched besides', async () => {
    const { ends } = await killParentOf([
      { pact: 'ParentDeathSignal', options: { signal: 'SIGINT' }, setegid: 65_534 },
    ]);
    expect(ends).toMatchObject([{ said: ['armed false'], signal: 'SIGINT' }]);
  });

  needs('setpriv').test('not a plain exec', async () => {
    const { stdout } = await runFixture(fixture, ['exec', own, '/usr/bin/setpriv'], { allowNodeWarnings: true });
    expect(dump.exec(stdout)?.[1]).toMatch(/USR1/i);
  });

  needs('setpriv', 'unprivileged-user').test('the exec of a set-user-id program, and nobody is told', async () => {
    using directory = temporaryDirectory('set-id', { mode: 0o755 });
    const program = join(directory.path, 'setpriv');
    copyFileSync('/usr/bin/setpriv', program);
    chmodSync(program, 0o4755);
    const args = ['exec', own, program];
    const { stdout } = await runFixture(fixture, args, { ...asUnprivilegedUser, allowNodeWarnings: true });
    expect(stdout).toMatch(/euid: 0/);
    expect(dump.exec(stdout)?.[1]).toMatch(/none/i);
  });
});

describe('worker.terminate() of the thread that started the child', () => {
  test.each(['with last words', 'ProcessDeathpact'])('is seen through: %s', async (pact) => {
    await using parent = await spawnFixture(childOfWorker, [pact]);
    using child = openPidfd(Number(await parent.nextLine()));
    parent.send('terminate');
    expect(await parent.nextLine()).toBe('terminated');
    await expect(child.waitForExit({ timeoutMs: 500 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    parent.kill();
    await child.waitForExit({ timeoutMs: 20_000 });
    expect(await parent.nextLine()).toBe('last words');
  });

  test('is taken for the parent’s death by the kernel: the known limit of a plain signal', async () => {
    await using parent = await spawnFixture(childOfWorker, ['plain']);
    using child = openPidfd(Number(await parent.nextLine()));
    parent.send('terminate');
    await child.waitForExit({ timeoutMs: 20_000 });
  });
});

describe('the parent dies inside the arming sequence', () => {
  const { test: traced } = needs('strace');
  /** How long strace holds the call up. */
  const HELD_MS = 1_500;

  async function diedInside(delay: 'delay_enter' | 'delay_exit', laterMs: number): Promise<string> {
    using directory = temporaryDirectory('arming');
    const trace = join(directory.path, 'trace');
    await using parent = await spawnFixture(fixture, ['parent']);
    const child = Number(await parent.nextLine());
    using pidfd = openPidfd(child);
    const inject = `inject=prctl:${delay}=${HELD_MS * 1000}:when=1`;
    const args = ['-f', '-q', '-p', String(child), '-o', trace, '-e', 'trace=prctl', '-e', inject];
    const strace = spawn('strace', args, { stdio: 'ignore' });
    const ended = once(strace, 'exit');
    const shows = (file: string, what: RegExp) =>
      eventually(() => what.test(readFileSync(`/proc/${child}/${file}`, 'latin1')), {
        timeoutMs: 30_000,
        intervalMs: 5,
      });
    try {
      await shows('status', /TracerPid:\s*[1-9]/);
      parent.send('go');
      expect(await parent.nextLine()).toMatch(/^arming, traced by [1-9]/);
      await shows('syscall', new RegExp(`^${linuxConstants().SYS_prctl} 0x1 `));
      // Strace may take its time to let it into the call.
      await setTimeout(laterMs);
      parent.kill();
      await pidfd.waitForExit({ timeoutMs: 30_000 });
      await ended;
      expect(parent.takeLines()).toEqual([]);
      return readFileSync(trace, 'utf8');
    } finally {
      strace.kill('SIGKILL');
      if (pidfd.isAlive()) pidfd.sendSignal('SIGKILL');
    }
  }

  traced('before prctl has begun: asked again, the kernel names another parent', { timeout: 90_000 }, async () => {
    const trace = await diedInside('delay_enter', 0);
    expect(trace).toMatch(/PDEATHSIG, SIGTERM[^]*PDEATHSIG, 0[^]*killed by SIGTERM/);
    expect(trace).not.toMatch(/SI_USER/);
  });

  traced('before prctl has returned: the signal of the kernel comes', { timeout: 90_000 }, async () => {
    const trace = await diedInside('delay_exit', 300);
    expect(trace).toMatch(/PDEATHSIG, SIGTERM[^]*SIGTERM [^\n]*SI_USER[^]*killed by SIGTERM/);
  });
});
