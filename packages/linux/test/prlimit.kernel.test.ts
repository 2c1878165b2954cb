import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import { getrlimit, getrlimits, RLIM_INFINITY, setrlimit, type Resource } from '@osx/linux/prlimit';
import {
  assertHeadersAgree,
  asUnprivilegedUser,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  runTool,
  straceInject,
} from '@osx/test-support';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { RLIMITS } from '../src/internal/rlimit-constants.ts';
import { rlimitStruct } from '../src/internal/rlimit-struct.ts';

const { test } = needs('linux');
const probe = new URL('fixtures/prlimit-probe.ts', import.meta.url);
const limits = new URL('fixtures/limits-probe.ts', import.meta.url);

let before: ReturnType<typeof openFds>;
beforeAll(() => {
  getrlimit('core');
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

/** As /proc/PID/limits calls them. */
const TITLES: Record<Resource, string> = {
  cpu: 'Max cpu time',
  fsize: 'Max file size',
  data: 'Max data size',
  stack: 'Max stack size',
  core: 'Max core file size',
  rss: 'Max resident set',
  nproc: 'Max processes',
  nofile: 'Max open files',
  memlock: 'Max locked memory',
  as: 'Max address space',
  locks: 'Max file locks',
  sigpending: 'Max pending signals',
  msgqueue: 'Max msgqueue size',
  nice: 'Max nice priority',
  rtprio: 'Max realtime priority',
  rttime: 'Max realtime timeout',
};

function limitsInProc(pid: number): Record<string, { soft: number; hard: number }> {
  const lines = readFileSync(`/proc/${pid}/limits`, 'latin1').split('\n').slice(1, -1);
  const value = (text = '') => (text === 'unlimited' ? Infinity : Number(text));
  const entries = Object.entries(TITLES).map(([resource, title]) => {
    const [soft, hard] =
      lines
        .find((line) => line.startsWith(title))
        ?.slice(title.length)
        .trim()
        .split(/\s+/) ?? [];
    return [resource, { soft: value(soft), hard: value(hard) }] as const;
  });
  expect(lines).toHaveLength(entries.length);
  return Object.fromEntries(entries);
}

/** A process that does nothing until it is disposed. */
async function idle(): Promise<{ pid: number } & AsyncDisposable> {
  const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  const exited = once(child, 'exit');
  return {
    pid: child.pid as number,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function code(action: () => unknown): string {
  try {
    action();
    return 'done';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

async function result(what: string): Promise<unknown> {
  const { stdout, stderr } = await runFixture(probe, [what]);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test('every limit of this process is the one in /proc', () => {
  expect(getrlimits()).toEqual(limitsInProc(process.pid));
  expect(getrlimits({ pid: process.pid })).toEqual(limitsInProc(process.pid));
});

test('every limit of another process is set, and the former one returned', async () => {
  await using child = await idle();
  const { pid } = child;
  const ours = limitsInProc(process.pid);
  const expected = limitsInProc(pid);
  for (const [resource, number] of Object.entries(RLIMITS) as [Resource, number][]) {
    const former = expected[resource] as { soft: number; hard: number };
    // Root in a container may lack CAP_SYS_RESOURCE: lower only.
    const limit = { soft: Math.min(1000 + number, former.hard), hard: Math.min(2000 + number, former.hard) };
    expect(setrlimit(resource, limit, { pid })).toEqual(former);
    expected[resource] = limit;
    expect(limitsInProc(pid)).toEqual(expected);
  }
  expect(getrlimits({ pid })).toEqual(expected);
  expect(limitsInProc(process.pid)).toEqual(ours);
});

needs('python3').test('Python sees what was set, and sets what is read', async () => {
  await using child = await idle();
  const { pid } = child;
  setrlimit('core', { soft: 123, hard: 456 }, { pid });
  const script = 'import resource, sys; print(resource.prlimit(int(sys.argv[1]), resource.RLIMIT_CORE, (12, 345)))';
  expect(runTool('python3', ['-c', script, String(pid)])).toBe('(123, 456)\n');
  expect(getrlimit('core', { pid })).toEqual({ soft: 12, hard: 345 });
});

test('one side keeps the other; the kernel is not asked for what cannot be', async () => {
  expect(await result('sides')).toMatchObject({
    both: { soft: 10, hard: 1000 },
    soft: { soft: 20, hard: 900 },
    hard: { soft: 30, hard: 900 },
    before: { soft: 30, hard: 800 },
    refused: 'ERR_OUT_OF_RANGE',
    refusedHard: 'ERR_OUT_OF_RANGE',
    after: ['30', '800', 'locks'],
  });
});

test('limits above 2^53 are exact as bigints', async () => {
  expect(await result('large')).toEqual({
    bigint: { soft: '9007199254740993', hard: '9223372036854775809' },
    number: { soft: 2 ** 53, hard: 2 ** 63 },
    old: { soft: '9007199254740993', hard: '9223372036854775809' },
    proc: ['0', '9223372036854775809'],
  });
});

test('no limit is Infinity, or RLIM_INFINITY', async () => {
  expect(await result('infinity')).toEqual([
    ['unlimited', 'unlimited'],
    { soft: 0, hard: 'Infinity' },
    { soft: '0', hard: RLIM_INFINITY.toString() },
  ]);
});

test('the soft limit is enforced at once, and inherited', async () => {
  expect(await result('enforced')).toEqual({ refused: 'EMFILE', opened: 'done', child: '345' });
});

test('a Worker sets the limits of the whole process', async () => {
  expect(await result('worker')).toMatchObject({ inWorker: { soft: 66 }, main: 77 });
});

describe('refused', () => {
  test('ESRCH for a process that is gone, which the message names', async () => {
    const child = await idle();
    await child[Symbol.asyncDispose]();
    expect(() => getrlimit('core', { pid: child.pid })).toThrow(
      expect.objectContaining({
        code: 'ESRCH',
        syscall: 'prlimit',
        message: `ESRCH: no such process ${child.pid}, prlimit`,
      }),
    );
    expect(code(() => setrlimit('core', { soft: 0, hard: 0 }, { pid: child.pid }))).toBe('ESRCH');
  });

  needs('unprivileged-user').test.each([
    ['raise-hard', 'EPERM prlimit'],
    ['limit-of', 'EPERM prlimit'],
    ['set-limit-of', 'EPERM prlimit'],
  ])('another user: %s', async (what, expected) => {
    await using child = await idle();
    const { stdout } = await runFixture(limits, [what, String(child.pid)], asUnprivilegedUser);
    expect(stdout).toBe(`${expected}\n`);
  });

  test('not even root goes beyond fs.nr_open', async () => {
    const most = readFileSync('/proc/sys/fs/nr_open', 'latin1').trim();
    const { stdout } = await runFixture(limits, ['raise-nofile']);
    expect(stdout).toMatch(/^EPERM prlimit .*only CAP_SYS_RESOURCE raises the hard limit of nofile/);
    expect(stdout).toContain(`sysctl fs.nr_open = ${most}`);
  });

  needs('strace').test('a kernel that lacks prlimit says so', async () => {
    const { stdout, injected } = await straceInject(limits, ['limit', 'wait'], 'prlimit64:error=ENOSYS', {
      whenReady: true,
    });
    expect(injected).toBe(true);
    expect(stdout).toBe('ENOTSUP Linux 2.6.36, and no seccomp filter against it\n');
  });
});

needs('strace').test('both sides are set and the former limit read in one call', async () => {
  const options = { whenReady: true, trace: 'prlimit64' };
  const { trace } = await straceInject(limits, ['set-limit', 'wait'], undefined, options);
  expect(trace.match(/prlimit64\(.*RLIMIT_LOCKS/g)).toHaveLength(1);
  expect(trace).toMatch(/prlimit64\(0, RLIMIT_LOCKS, \{rlim_cur=1, rlim_max=2\}, \{rlim_cur=.*\}\) = 0/);
});

const claims = (target: 'linux-x64' | 'linux-arm64') => ({
  headers: ['sys/resource.h'],
  constants: Object.fromEntries(
    Object.entries(RLIMITS).map(([name, number]) => [`RLIMIT_${name.toUpperCase()}`, number]),
  ),
  structs: { 'struct rlimit64': rlimitStruct.layout(target) },
});
needs('gcc').test('constants and layout are those of the headers on x64', () =>
  assertHeadersAgree(claims('linux-x64')),
);
needs('arm64-gcc').test('constants and layout are those of the headers on arm64', () =>
  assertHeadersAgree(claims('linux-arm64'), 'aarch64-linux-gnu-gcc'),
);
