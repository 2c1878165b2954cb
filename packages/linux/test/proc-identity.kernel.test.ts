import { needs, runFixture } from '@osx/test-support';
import { expect } from 'vitest';

needs('pid-namespace', 'ns-last-pid').test(
  'a pid given to a stranger between two reads: ESRCH, and never what is the stranger’s',
  async () => {
    const { stdout, stderr, code } = await runFixture(new URL('fixtures/pid-reuse.ts', import.meta.url), [], {
      prefix: ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'],
      timeoutMs: 120_000,
    });
    expect([code, stderr]).toEqual([0, '']);
    const { rounds, seen } = JSON.parse(stdout) as { rounds: number; seen: Record<string, number> };
    const reads = [
      'stat',
      'status',
      'cmdline',
      'environ',
      'children',
      'fds',
      'fdinfo',
      'cwd',
      'exe',
      'mountinfo',
      'limits',
    ];
    expect(seen).toEqual({
      'number: stranger': rounds,
      'reopened: stranger': rounds,
      'isAlive: false': rounds,
      ...Object.fromEntries(reads.map((read) => [`${read}: ESRCH`, rounds])),
    });
  },
  150_000,
);
