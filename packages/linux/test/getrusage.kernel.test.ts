import { readFileSync } from 'node:fs';

import { getrusage, type ResourceUsage } from '@osx/linux/getrusage';
import {
  assertHeadersAgree,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  runTool,
  straceInject,
} from '@osx/test-support';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { RUSAGE_WHO, rusageStruct } from '../src/internal/rusage-struct.ts';

const { test } = needs('linux');
const probe = new URL('fixtures/rusage-probe.ts', import.meta.url);
const limits = new URL('fixtures/limits-probe.ts', import.meta.url);

let before: ReturnType<typeof openFds>;
beforeAll(() => {
  getrusage();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

async function result<T>(what: string): Promise<T> {
  const { stdout, stderr } = await runFixture(probe, [what]);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as T;
}

function expectBetween(value: number, low: number, high: number): void {
  expect(value).toBeGreaterThanOrEqual(low);
  expect(value).toBeLessThanOrEqual(high);
}

/** Microseconds per tick of /proc/PID/stat. */
const TICK = 1_000_000 / Number(runTool('getconf', ['CLK_TCK']));

test('self lies between what Node says before and after, field by field', () => {
  // Something of each: faults, switches, time.
  runTool('true', []);
  const touched = Buffer.alloc(20 * 1024 * 1024, 1);
  const first = process.resourceUsage();
  const usage = getrusage();
  const last = process.resourceUsage();
  expect(touched[0]).toBe(1);
  expectBetween(usage.userMicroseconds, first.userCPUTime, last.userCPUTime);
  expectBetween(usage.systemMicroseconds, first.systemCPUTime, last.systemCPUTime);
  expectBetween(usage.maxResidentBytes, first.maxRSS * 1024, last.maxRSS * 1024);
  expectBetween(usage.minorFaults, first.minorPageFault, last.minorPageFault);
  expectBetween(usage.majorFaults, first.majorPageFault, last.majorPageFault);
  expectBetween(usage.blocksRead, first.fsRead, last.fsRead);
  expectBetween(usage.blocksWritten, first.fsWrite, last.fsWrite);
  expectBetween(usage.voluntarySwitches, first.voluntaryContextSwitches, last.voluntaryContextSwitches);
  expectBetween(usage.involuntarySwitches, first.involuntaryContextSwitches, last.involuntaryContextSwitches);
  expect(Math.min(usage.userMicroseconds, usage.minorFaults, usage.voluntarySwitches)).toBeGreaterThan(0);
});

test('self is the default, and agrees with /proc/self/stat', () => {
  const stat = () => {
    const fields = readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1)?.split(' ').map(Number) ?? [];
    return { minorFaults: fields[7], user: fields[11], system: fields[12] } as Record<string, number>;
  };
  const first = stat();
  const usage = getrusage('self');
  const last = stat();
  expectBetween(usage.minorFaults, first['minorFaults'] as number, last['minorFaults'] as number);
  expectBetween(usage.userMicroseconds, first['user']! * TICK, (last['user']! + 1) * TICK);
  expectBetween(usage.systemMicroseconds, first['system']! * TICK, (last['system']! + 1) * TICK);
  expect(getrusage().userMicroseconds).toBeGreaterThanOrEqual(usage.userMicroseconds);
});

test('children are counted when they have ended; the largest gives the memory', async () => {
  type Children = Record<'none' | 'running' | 'small' | 'large', ResourceUsage> & { stat: number[] };
  const { none, running, small, large, stat } = await result<Children>('children');
  const nothing = Object.fromEntries(Object.keys(none).map((field) => [field, 0]));
  expect([none, running]).toEqual([nothing, nothing]);
  expect(small.userMicroseconds + small.systemMicroseconds).toBeGreaterThan(0);
  expect(small.maxResidentBytes).toBeGreaterThan(0);
  expect(large.maxResidentBytes).toBeGreaterThan(20 * 1024 * 1024);
  expect(large.maxResidentBytes).toBeGreaterThan(small.maxResidentBytes);
  expect(large.minorFaults).toBeGreaterThan(small.minorFaults);
  const [minorFaults, majorFaults, user, system] = stat as [number, number, number, number];
  expect([large.minorFaults, large.majorFaults]).toEqual([minorFaults, majorFaults]);
  expectBetween(large.userMicroseconds, user * TICK, (user + 1) * TICK);
  expectBetween(large.systemMicroseconds, system * TICK, (system + 1) * TICK);
});

test('thread is the Worker’s own in a Worker', async () => {
  type Thread = Record<'usage' | 'before' | 'after' | 'self', ResourceUsage> & Record<'first' | 'second', number[]>;
  const { usage, first, second, before: start, after, self } = await result<Thread>('thread');
  expectBetween(usage.minorFaults, first[0] as number, second[0] as number);
  expectBetween(usage.userMicroseconds, first[1]! * TICK, (second[1]! + 1) * TICK);
  expectBetween(usage.systemMicroseconds, first[2]! * TICK, (second[2]! + 1) * TICK);
  expect(usage.userMicroseconds).toBeGreaterThanOrEqual(400_000);
  expect(after.userMicroseconds - start.userMicroseconds).toBeLessThan(400_000);
  expect(self.userMicroseconds).toBeGreaterThanOrEqual(usage.userMicroseconds);
  expect(self.maxResidentBytes).toBeGreaterThanOrEqual(usage.maxResidentBytes);
});

describe('a kernel that lacks', () => {
  needs('strace').test.each([
    ['getrusage', 'getrusage:error=ENOSYS', 'usage', 'ENOTSUP a system without a seccomp filter against it'],
    ['RUSAGE_THREAD', 'getrusage:error=EINVAL', 'thread-usage', 'ENOTSUP Linux 2.6.26'],
    ['nothing, but fails', 'getrusage:error=EFAULT', 'usage', 'EFAULT getrusage'],
  ])('%s says so', async (_, inject, what, expected) => {
    const { stdout, injected } = await straceInject(limits, [what, 'wait'], inject, { whenReady: true });
    expect(injected).toBe(true);
    expect(stdout).toBe(`${expected}\n`);
  });
});

const claims = (target: 'linux-x64' | 'linux-arm64') => ({
  headers: ['sys/resource.h'],
  constants: { RUSAGE_SELF: RUSAGE_WHO.self, RUSAGE_CHILDREN: RUSAGE_WHO.children, RUSAGE_THREAD: RUSAGE_WHO.thread },
  structs: { 'struct rusage': rusageStruct.layout(target) },
});
needs('gcc').test('constants and layout are those of the headers on x64', () =>
  assertHeadersAgree(claims('linux-x64')),
);
needs('arm64-gcc').test('constants and layout are those of the headers on arm64', () =>
  assertHeadersAgree(claims('linux-arm64'), 'aarch64-linux-gnu-gcc'),
);
