import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { openPidfd } from '@osx/linux/pidfd';
import { asUnprivilegedUser, eventually, needs, runFixture, spawnFixture, temporaryDirectory } from '@osx/test-support';
import { describe, expect } from 'vitest';

const fixture = new URL('fixtures/arming.ts', import.meta.url);
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

describe('the parent dies inside the arming sequence', () => {
  const { test: traced } = needs('strace');

  traced.each([
    ['before prctl has begun', 'delay_enter', /PR_SET_PDEATHSIG, SIGTERM.*[^]*PR_SET_PDEATHSIG, 0/],
    ['before prctl has returned', 'delay_exit', /PR_SET_PDEATHSIG, SIGTERM/],
  ])(
    '%s',
    async (_, delay, expected) => {
      using directory = temporaryDirectory('arming');
      const trace = join(directory.path, 'trace');
      await using parent = await spawnFixture(fixture, ['parent']);
      const child = Number(await parent.nextLine());
      using pidfd = openPidfd(child);
      const inject = `inject=prctl:${delay}=1500000:when=1`;
      const args = ['-f', '-qq', '-p', String(child), '-o', trace, '-e', 'trace=prctl', '-e', inject];
      const strace = spawn('strace', args, { stdio: 'ignore' });
      const ended = once(strace, 'exit');
      try {
        await eventually(() => /TracerPid:\s*[1-9]/.test(readFileSync(`/proc/${child}/status`, 'latin1')), {
          timeoutMs: 30_000,
        });
        parent.send('go');
        expect(await parent.nextLine()).toMatch(/^arming, traced by [1-9]/);
        parent.kill();
        await pidfd.waitForExit({ timeoutMs: 30_000 });
        await ended;
        expect(parent.takeLines()).toEqual([]);
        expect(readFileSync(trace, 'utf8')).toMatch(expected);
      } finally {
        strace.kill('SIGKILL');
        if (pidfd.isAlive()) pidfd.sendSignal('SIGKILL');
      }
    },
    90_000,
  );
});
