import { describe, expect } from 'vitest';

import { needs } from '@osx/test-support';

import { inPidNamespace } from './fixtures/in-pid-namespace.ts';

const ROUNDS = '12';
const LIMIT = 120_000;

describe('a pid that is given away again', () => {
  const { test } = needs('ns-last-pid', 'pid-namespace', 'flock');

  test.each(['pin', 'Pidfile.kill', 'command'])('%s: no stranger is signalled', { timeout: LIMIT }, async (method) => {
    const { hits, answers } = (await inPidNamespace('reuse-pids.ts', [method, ROUNDS], LIMIT)) as {
      hits: Record<string, number>;
      answers: Record<string, number>;
    };
    expect(Object.values(hits)).toEqual(Object.values(hits).map(() => 0));
    const refused = Object.entries(answers).filter(([answer]) => answer !== 'sent');
    expect(refused.reduce((sum, [, times]) => sum + times, 0)).toBeGreaterThan(0);
  });

  test('mutant: reading the pid and then killing it hits strangers', { timeout: LIMIT }, async () => {
    const { hits } = (await inPidNamespace('reuse-pids.ts', ['naive', ROUNDS], LIMIT)) as {
      hits: Record<string, number>;
    };
    expect(hits['before']).toBe(4);
    expect(hits['lock inherited']).toBe(4);
  });
});

describe('held up in the middle, the daemon replaced by a stranger meanwhile', () => {
  const { test } = needs('ns-last-pid', 'pid-namespace', 'strace');
  const killNumber = process.arch === 'x64' ? '62' : '129';

  const run = async (...args: string[]) =>
    (await inPidNamespace('replace-in-window.ts', args, LIMIT)) as { isInTime: boolean; isHit: boolean; code: number };

  test.each([
    ['pidfd_open', '434'],
    ['pidfd_send_signal', '424'],
  ])('at %s: nobody is signalled, and it is said', { timeout: LIMIT, retry: 2 }, async (syscall, number) => {
    const result = await run('command', syscall, number);
    expect(result.isInTime).toBe(true);
    expect(result).toMatchObject({
      isHit: false,
      code: 1,
      complaint: expect.stringMatching(/^pidfile: ESRCH: [^\n]+\n$/),
    });
  });

  test('mutant: at kill(2) the stranger is hit', { timeout: LIMIT, retry: 2 }, async () => {
    expect(await run('naive', 'kill', killNumber)).toMatchObject({ isInTime: true, isHit: true, code: 0 });
  });
});
