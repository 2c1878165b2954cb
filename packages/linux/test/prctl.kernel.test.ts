import { chmodSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  assertHeadersAgree,
  asUnprivilegedUser,
  eventually,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  spawnFixture,
  straceInject,
  temporaryDirectory,
} from '@osx/test-support';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import * as constants from '../src/internal/prctl-constants.ts';

const { test } = needs('linux');
const probe = new URL('fixtures/prctl-probe.ts', import.meta.url);
const deathSignal = new URL('fixtures/death-signal.ts', import.meta.url);
const limits = new URL('fixtures/limits-probe.ts', import.meta.url);

let before: ReturnType<typeof openFds>;
beforeAll(() => void (before = openFds()));
afterAll(() => expectNoNewFds(before));

async function result(args: string[], options?: Parameters<typeof runFixture>[2]): Promise<unknown> {
  const { stdout, stderr } = await runFixture(probe, args, options);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('thread name', () => {
  const names = ['indexer', 'exactly15bytes!', 'größe', ''].map((name) => [name, name, name]);
  const common = { names, cut: '0123456789abcde', cutCharacter: '0123456789abc', bytes: 'raw\xff\xfe', cutBytes: 15 };

  test('/proc shows it, for the thread and for the process', async () => {
    expect(await result(['name'])).toMatchObject({ ...common, process: 'the last', thread: 'the last' });
  });

  test('in a Worker it is the Worker’s alone', async () => {
    const answer = await result(['worker', 'name']);
    expect(answer).toMatchObject({ result: { ...common, thread: 'the last' }, unchanged: true });
    const { before: name, process } = (answer as { result: Record<string, string> }).result;
    expect(process).toBe(name);
  });

  test('process.title is the same name', async () => {
    expect(await result(['title'])).toBe('from title');
  });
});

describe('timer slack', () => {
  const set = [2 ** 33, 2 ** 33];

  test('/proc shows it, children inherit it, 0 resets it', async () => {
    const answer = (await result(['slack'])) as Record<string, unknown>;
    expect(answer).toMatchObject({ set, main: 2 ** 33, child: 2 ** 33 });
    expect(answer['reset']).toBe(answer['before']);
  });

  test('in a Worker it is the Worker’s alone', async () => {
    expect(await result(['worker', 'slack'])).toMatchObject({ result: { set, child: 2 ** 33 }, unchanged: true });
  });
});

describe('no new privileges', () => {
  test('/proc shows it, and children inherit it', async () => {
    expect(await result(['no-new-privs'])).toEqual({
      before: [false, '0', ''],
      after: [true, '1', ''],
      main: '1',
      child: '1',
    });
  });

  test('a Worker binds itself and what it starts, and not the main thread', async () => {
    expect(await result(['worker', 'no-new-privs'])).toEqual({
      result: { before: [false, '0', ''], after: [true, '1', ''], main: '0', child: '1' },
      unchanged: true,
      child: '0',
    });
  });

  needs('unprivileged-user').test('a set-user-id program stays what its caller is', async () => {
    using directory = temporaryDirectory('osx-prctl', { mode: 0o755 });
    const id = join(directory.path, 'id');
    copyFileSync('/usr/bin/id', id);
    chmodSync(id, 0o4755);
    const { before: had, after } = (await result(['no-new-privs', id], asUnprivilegedUser)) as Record<string, string[]>;
    expect([had?.[2], after?.[2]]).toEqual(['0', '65534']);
  });
});

needs('unprivileged-user').test('what is not dumpable is root’s in /proc, and closed to its own user', async () => {
  const open = { value: 'owner', owner: 65534, child: 0 };
  expect(await result(['dumpable'], asUnprivilegedUser)).toEqual({
    before: open,
    off: { value: 'nobody', owner: 0, child: 1 },
    on: open,
  });
});

test('a subreaper gets the orphans below it, and only while it is one', async () => {
  expect(await result(['subreaper'])).toEqual({ before: [false, false], on: [true, true], off: [false, false] });
});

needs('root').test.each([
  ['keep', { set: true, permitted: true, effective: false, others: false }],
  ['drop', { set: false, permitted: false, effective: false, others: false }],
])('capabilities of the calling thread after setuid: %s', async (keep, expected) => {
  expect(await result(['keep-capabilities', keep])).toEqual(expected);
});

describe('parent death signal', () => {
  test('is read back by name, and refused for a parent that is not there', async () => {
    expect(await result(['death-signal'])).toEqual({
      values: [null, 'SIGTERM', 'SIGKILL', 'SIG34', null, 'SIGUSR1'],
      wrong: 'ESRCH: ESRCH: the parent is not N any more, but N, prctl',
      after: null,
    });
  });

  test('comes when the parent is killed', async () => {
    await using parent = await spawnFixture(deathSignal, ['parent']);
    const child = Number(await parent.nextLine());
    expect(isAlive(child)).toBe(true);
    parent.kill('SIGKILL');
    await eventually(() => !isAlive(child));
  });

  test('comes when the Worker that started it ends, while the parent lives', async () => {
    await using parent = await spawnFixture(deathSignal, ['worker']);
    const child = Number(await parent.nextLine());
    expect(isAlive(child)).toBe(true);
    parent.send('terminate');
    expect(await parent.nextLine()).toBe('terminated');
    await eventually(() => !isAlive(child));
    expect(isAlive(parent.pid)).toBe(true);
  });

  test('a parent that died before is ESRCH', async () => {
    await using parent = await spawnFixture(deathSignal, ['late-parent']);
    const child = Number(await parent.nextLine());
    parent.kill('SIGKILL');
    await eventually(() => !isAlive(child));
    await parent.exited;
    expect(parent.stderr).toBe('ESRCH\n');
  });

  test('a Worker may neither set nor ask', async () => {
    const { result: answer } = (await result(['worker', 'death-signal-worker'])) as { result: Record<string, string> };
    expect(answer['set']).toMatch(/^ENOTSUP: .*PR_SET_PDEATHSIG in a Worker .*requires the main thread/);
    expect(answer['get']).toMatch(/^ENOTSUP: .*PR_GET_PDEATHSIG in a Worker/);
  });

  test('it is kept over a plain exec, which makes the process dumpable again', async () => {
    expect(await result(['death-signal-exec'], { allowNodeWarnings: true, env: { NODE_NO_WARNINGS: '1' } })).toEqual([
      'SIGTERM',
      'owner',
    ]);
  });

  test('children do not inherit it', async () => {
    expect(await result(['death-signal-child'])).toBe('[null,"owner"]');
  });

  needs('root').test('the kernel clears it when the effective group changes', async () => {
    expect(await result(['death-signal-ids'])).toBe(null);
  });

  needs('pid-namespace').test('a parent in another pid namespace is 0', async () => {
    const prefix = ['unshare', '--pid', '--fork', '--mount-proc'];
    expect(await result(['death-signal-namespace'], { prefix })).toEqual([0, 'SIGTERM']);
  });
});

function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

describe('a kernel that lacks', () => {
  const seccomp = 'ENOTSUP a system without a seccomp filter against it';
  needs('strace').test.each([
    ['prctl', 'prctl:error=ENOSYS', 'name', seccomp],
    ['PR_SET_NAME', 'prctl:error=EINVAL', 'name', 'ENOTSUP Linux 2.6.9'],
    ['PR_SET_NO_NEW_PRIVS', 'prctl:error=EINVAL', 'no-new-privs', 'ENOTSUP Linux 3.5'],
    ['PR_GET_NO_NEW_PRIVS', 'prctl:error=EINVAL', 'get-no-new-privs', 'ENOTSUP Linux 3.5'],
    ['PR_SET_CHILD_SUBREAPER', 'prctl:error=EINVAL', 'subreaper', 'ENOTSUP Linux 3.4'],
    ['PR_GET_CHILD_SUBREAPER', 'prctl:error=EINVAL', 'get-subreaper', 'ENOTSUP Linux 3.4'],
    ['PR_SET_TIMERSLACK', 'prctl:error=EINVAL', 'slack', 'ENOTSUP Linux 2.6.28'],
    ['PR_SET_PDEATHSIG', 'prctl:error=EINVAL', 'death-signal', 'ENOTSUP Linux 2.1.57'],
    ['nothing, but refuses', 'prctl:error=EPERM', 'keep-capabilities', 'EPERM prctl'],
  ])('%s says so', async (_, inject, what, expected) => {
    const { stdout, injected } = await straceInject(limits, [what, 'wait'], inject, { whenReady: true });
    expect(injected).toBe(true);
    expect(stdout).toBe(`${expected}\n`);
  });
});

const { TASK_COMM_BYTES: _, ...numbers } = constants;
const claims = { headers: ['sys/prctl.h'], constants: numbers };
needs('gcc').test('constants are those of the headers on x64', () => assertHeadersAgree(claims));
needs('arm64-gcc').test('constants are those of the headers on arm64', () =>
  assertHeadersAgree(claims, 'aarch64-linux-gnu-gcc'),
);
