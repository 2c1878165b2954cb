import { needs, runFixture } from '@osx/test-support';
import { describe, expect } from 'vitest';

import { signals } from '@osx/signals';

import { underPython, type ChildEnd } from './python-parent.ts';

const { test } = needs('linux', 'python3');
const fixture = new URL('fixtures/ends.ts', import.meta.url);
const missing = {
  nodeArgs: ['--import', new URL('fixtures/missing-package.ts', import.meta.url).href],
  env: { OSX_TEST_MISSING: 'koffi' },
};

const stops = ['SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'];
const doesNothing = ['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH'];
const ends = [...signals().keys()].filter((name) => !stops.includes(name) && !doesNothing.includes(name));
const canBeHandled = ends.filter((name) => name !== 'SIGKILL');
/** One of each kind: plain, core-dumping, ignored by Node, held by Node, its profiler's, faults, real-time, unblockable. */
const kinds = ['SIGTERM', 'SIGQUIT', 'SIGPIPE', 'SIGUSR1', 'SIGPROF', 'SIGSEGV', 'SIGRTMIN', 'SIGRTMAX', 'SIGKILL'];

const endedBy = (name: string): Partial<ChildEnd> => ({
  signal: signals().get(name) as number,
  code: null,
  stops: [],
  stdout: '',
  stderr: '',
});
const returned = {
  signal: null,
  code: 0,
  stops: [],
  stdout: 'returned, all as found\nexit listeners ran\n',
  stderr: '',
};

/** The Worker's listeners, and those of the main thread. */
const returnedInWorker = { ...returned, stdout: `${returned.stdout}exit listeners ran\n` };

async function runs(names: readonly string[], ways: readonly string[], options?: Parameters<typeof underPython>[1]) {
  const seen = await underPython(
    names.map((name) => [name, ...ways]),
    options,
  );
  return Object.fromEntries(names.map((name, index) => [name, seen[index]]));
}

const each = (names: readonly string[], expected: (name: string) => unknown): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, expected(name)]));

describe('the parent sees the very signal', () => {
  test('of each that ends a process, listened to and blocked', { timeout: 180_000 }, async () => {
    expect(ends).toHaveLength(54);
    expect(await runs(canBeHandled, ['listened', 'blocked'])).toEqual(each(canBeHandled, endedBy));
  });

  test('with nothing in the way', async () => {
    expect(await runs(kinds, [])).toEqual(each(kinds, endedBy));
  });

  test('from a Worker, while the main thread is held up', async () => {
    expect(await runs(kinds, ['worker'])).toEqual(each(kinds, endedBy));
    const handled = ['SIGTERM', 'SIGQUIT', 'SIGRTMIN'];
    expect(await runs(handled, ['worker', 'listened', 'blocked'])).toEqual(each(handled, endedBy));
  });

  test('with no room for another waiting signal', async () => {
    const names = ['SIGTERM', 'SIGRTMIN+3'];
    const full = { prefix: ['prlimit', '--sigpending=0'] };
    expect(await runs(names, ['listened', 'blocked'], full)).toEqual(each(names, endedBy));
  });

  test('and so does Node, of those that it knows', async () => {
    expect(await runFixture(fixture, ['SIGTERM', 'listened'])).toEqual({
      code: null,
      signal: 'SIGTERM',
      stdout: '',
      stderr: '',
    });
  });
});

describe('it goes on', () => {
  test('at once after what does nothing by default', async () => {
    expect(await runs(doesNothing, ['listened'])).toEqual(each(doesNothing, () => returned));
    expect(await runs(doesNothing, ['blocked'])).toEqual(each(doesNothing, () => returned));
    expect(await runs(['SIGWINCH'], ['worker'])).toEqual(each(['SIGWINCH'], () => returnedInWorker));
  });

  test('after it was stopped and continued, with mask and disposition as they were', async () => {
    const stopped = (name: string): unknown => ({ ...returned, stops: [signals().get(name)] });
    expect(await runs(stops, [])).toEqual(each(stops, stopped));
    const handled = stops.slice(1);
    expect(await runs(handled, ['blocked'])).toEqual(each(handled, stopped));
    expect(await runs(['SIGTSTP'], ['worker'])).toEqual(
      each(['SIGTSTP'], () => ({ ...returnedInWorker, stops: [20] })),
    );
  });

  test('after it was stopped and continued, with its listeners', async () => {
    const names = stops.slice(1);
    const stdout = 'returned, all as found\nfirst listener\nsecond listener\nexit listeners ran\n';
    expect(await runs(names, ['listened', 'heard'])).toEqual(
      each(names, (name) => ({ ...returned, stops: [signals().get(name)], stdout })),
    );
  });

  test('in an orphaned process group, which the kernel does not stop', async () => {
    const names = stops.slice(1);
    expect(await runs(names, ['listened'], { how: 'orphaned' })).toEqual(each(names, () => returned));
  });
});

needs('linux', 'pid-namespace').test(
  'the first process of a pid namespace exits with 128 + n, without exit listeners',
  async () => {
    const prefix = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
    for (const [name, code] of [
      ['SIGTERM', 143],
      ['SIGQUIT', 131],
      ['SIGKILL', 137],
      ['SIGRTMIN', 162],
    ] as const) {
      for (const ways of [['listened', 'blocked'], ['worker']]) {
        if (name === 'SIGKILL' && ways.includes('blocked')) continue;
        const end = await runFixture(fixture, [name, ...ways], { prefix });
        expect({ name, ways, ...end }).toEqual({ name, ways, code, signal: null, stdout: '', stderr: '' });
      }
    }
  },
);

describe('without the native layer', () => {
  test('it ends by the signal all the same', async () => {
    expect(await runs(kinds, [], missing)).toEqual(each(kinds, endedBy));
    const handled = kinds.slice(0, -1);
    expect(await runs(handled, ['listened'], missing)).toEqual(each(handled, endedBy));
  });

  test('it stops, and its listeners are there afterwards', async () => {
    const stdout = 'returned, all as found\nfirst listener\nsecond listener\nexit listeners ran\n';
    expect(await runs(['SIGTSTP'], ['listened', 'heard'], missing)).toEqual({
      SIGTSTP: { ...returned, stops: [20], stdout },
    });
  });

  test('it does nothing where that is the default', async () => {
    expect(await runs(doesNothing, ['listened'], missing)).toEqual(each(doesNothing, () => returned));
  });

  test('a Worker is refused with the reason', async () => {
    expect(await runs(['SIGTERM'], ['worker', 'listened'], missing)).toMatchObject({
      SIGTERM: {
        code: 0,
        stdout: 'UnsupportedError ERR_OSX_NATIVE_UNAVAILABLE\nexit listeners ran\nexit listeners ran\n',
      },
    });
  });

  needs('linux', 'pid-namespace').test('the first process of a pid namespace exits with 128 + n', async () => {
    const prefix = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
    expect(await runFixture(fixture, ['SIGTERM', 'listened'], { ...missing, prefix })).toMatchObject({
      code: 143,
      signal: null,
    });
  });
});
