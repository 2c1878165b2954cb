import { join } from 'node:path';

import { afterEach, beforeEach, expect } from 'vitest';

import { acquirePidfile, pinPidfileOwner } from '@osx/pidfiles';
import { needs, runFixture, spawnFixture, temporaryDirectory } from '@osx/test-support';

const pidReuse = new URL('fixtures/pid-reuse.ts', import.meta.url);
const holder = new URL('fixtures/holder.ts', import.meta.url);
const pinner = new URL('fixtures/pin.ts', import.meta.url);

const inPidNamespace = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory('strangers');
  path = join(directory.path, 'job.pid');
});
afterEach(() => directory[Symbol.dispose]());

needs('pid-namespace', 'ns-last-pid', 'strace', 'flock').test.each([
  ['of our own record', 'ours', 'ESRCH'],
  ['of a bare pid', 'plain', 'ESRCH'],
  ['of a bare pid, in a file that is locked again', 'locked', 'ETIMEDOUT'],
])('the pid goes to a stranger between the look and pidfd_open, %s: it is not signalled', async (_, kind, code) => {
  const { stdout, stderr } = await runFixture(pidReuse, [path, kind], { prefix: inPidNamespace });
  expect(stderr).toBe('');
  const { outcome, calls, ...rest } = JSON.parse(stdout) as { outcome: unknown; calls: number };
  expect(rest).toEqual({ reused: true, strangerLives: true });
  expect(calls).toBeGreaterThan(0);
  expect(outcome).toMatchObject({ code });
});

needs('pid-namespace', 'strace').test(
  'the file is moved away between the look and pidfd_open: not its owner any more',
  async () => {
    const { stdout, stderr } = await runFixture(pidReuse, [path, 'moved'], { prefix: inPidNamespace });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ reused: false, outcome: { code: 'ESRCH' } });
  },
);

needs('pid-namespace', 'pidfs').test(
  'a daemon in another pid namespace is found by its identity, with its number here',
  async () => {
    await using daemon = await spawnFixture(holder, [path], { prefix: inPidNamespace });
    using owner = await pinPidfileOwner(path);
    expect(owner.record).toMatchObject({ pid: 1, origin: 'other-pid-namespace' });
    expect(owner.pid).toBeGreaterThan(1);
    expect(owner.pid).not.toBe(daemon.pid);
    await expect(acquirePidfile(path)).rejects.toMatchObject({ code: 'EEXIST', ownerPid: owner.pid });
    owner.kill('SIGKILL');
    await owner.exited;
    await expect(pinPidfileOwner(path)).rejects.toThrow(/EACCES.*another pid namespace/);
  },
);

needs('pid-namespace').test(
  'a daemon outside of the pid namespace is out of sight, and not taken for gone',
  async () => {
    using _pidfile = await acquirePidfile(path);
    const { stdout } = await runFixture(pinner, [path, 'SIGKILL'], { prefix: inPidNamespace });
    expect(JSON.parse(stdout)).toMatchObject({ code: 'EACCES' });
  },
);
