import { readFileSync } from 'node:fs';

import { eventually, needs, runFixture, spawnFixture } from '@osx/test-support';
import { describe, expect } from 'vitest';

const FLAGS = ['--expose-gc', '--single-threaded', '--v8-pool-size=1'];
const { test } = needs('linux');
const isHere = process.arch === 'x64' && /^(22|24|26)\./.test(process.versions.node);

function fixture(name: string): URL {
  return new URL(`fixtures/true-fork-${name}.ts`, import.meta.url);
}

/** Runs it within the bounds, and expects it to end well. */
async function run(name: string, args: string[] = [], nodeArgs = FLAGS): Promise<string[]> {
  const { code, signal, stdout, stderr } = await runFixture(fixture(name), args, { nodeArgs });
  expect({ code, signal, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  return stdout.trimEnd().split('\n');
}

describe.runIf(isHere)('a forked child', () => {
  test('has the memory of its parent, and can do what a Node program does', async () => {
    const [line] = await run('abilities');
    const { pid, child, memory, parent, ...result } = JSON.parse(line as string) as Record<string, unknown> & {
      syncSaw: { random: unknown[] };
      parent: unknown[];
    };
    expect(memory).toEqual({ made: 'before the fork' });
    expect(result).toEqual({
      syncExit: { code: 7, signal: null },
      syncSaw: {
        memory: 'before the fork',
        pid: child,
        ppid: pid,
        self: child,
        isCollected: true,
        spawned: 'spawned\n',
        random: expect.any(Array) as unknown[],
        listeners: 0,
      },
      asyncExit: { code: 8, signal: null },
      asyncSaw: {
        order: ['tick', 'promise', 'timer', 'immediate', 'file'],
        echoed: 'executed\n',
        read: true,
        isCollected: true,
        files: 20,
      },
    });
    // Random bytes that Node had in stock, and those of OpenSSL.
    expect(result.syncSaw.random).toHaveLength(parent.length);
    for (const [index, value] of parent.entries()) expect(result.syncSaw.random[index]).not.toBe(value);
  });

  test('ends in every way there is, and the parent learns which', async () => {
    const { stdout, stderr } = await runFixture(fixture('ends'), [], { nodeArgs: FLAGS });
    expect(stderr).toMatch(/^Uncaught in the forked child \d+: SyntaxError/m);
    expect(stderr).toMatch(/TypeError: a child of forkProcessSync cannot wait for a promise/);
    expect(stdout.trimEnd().split('\n')).toEqual([
      'a number: 200 null',
      'nothing: 0 null',
      'throws: 1 null',
      'process.exit: 9 null',
      'a promise for Sync: 1 null',
      'resolves: 5 null',
      'rejects: 1 null',
      'never settles: 13 null',
      'throws later: 1 null',
      'rejection unhandled: 1 null',
      'process.exit later: 11 null',
      'exit while it runs: null, killed: true',
      'kill(): null SIGTERM',
      'exit: {"code":null,"signal":"SIGTERM"}, killed again: false',
      'disposed: null SIGKILL',
    ]);
  });

  test('gets its signals itself, with their default action, from its first moment', async () => {
    expect(await run('signals')).toEqual(['{"code":null,"signal":"SIGTERM"}', 'the parent heard 0']);
  });

  test('takes no connection of the parent, and holds none open', async () => {
    expect(await run('quiet')).toEqual(['accepted by parent', 'x read by parent', 'last read by parent']);
  });

  test('keeps the descriptors that it was given, and files', async () => {
    expect(await run('fds')).toEqual([
      'kept pipe: hello',
      'other pipe: EAGAIN',
      'file: contents',
      'standard output is shared',
      'exit code 0',
    ]);
  });

  test('dies with its parent', async () => {
    await using parent = await spawnFixture(fixture('parent'), [], { nodeArgs: FLAGS });
    const pid = Number(await parent.nextLine());
    expect(isRunning(pid)).toBe(true);
    parent.child.kill('SIGKILL');
    await eventually(() => expect(isRunning(pid)).toBe(false));
  });

  test('lives on where that is asked for', async () => {
    await using parent = await spawnFixture(fixture('parent'), ['outlive'], { nodeArgs: FLAGS });
    const pid = Number(await parent.nextLine());
    try {
      process.kill(parent.pid, 'SIGKILL');
      await eventually(() => expect(isRunning(parent.pid)).toBe(false));
      expect(isRunning(pid)).toBe(true);
    } finally {
      process.kill(pid, 'SIGKILL');
    }
  });

  test('hooks run around it, in the child the functions themselves', async () => {
    const round = (last: string): string[] => [
      'before second',
      'before first: fork(2)',
      `parent first: fork(2) {"stamp":42} ${last}`,
      'parent second',
    ];
    const child = ['child first: fork(2) {"stamp":42} true closed over', 'child second'];
    const lines = await run('hooks');
    // Parent and child speak at the same time.
    const ofChild = lines.filter((line) => line.startsWith('child'));
    expect(ofChild).toEqual([...child, ...child]);
    expect(lines.filter((line) => !/^(?:child|run)/.test(line))).toEqual([
      ...round('number undefined false'),
      'exit code 3',
      ...round('undefined Error: not now true'),
      'caller: not now',
      ...round('number undefined false'),
      'exit code 0',
    ]);
    expect(lines.filter((line) => line.startsWith('run'))).toEqual(['run at depth 1, origin false']);
  });
});

describe.runIf(isHere)('outside the bounds', () => {
  const flags = 'ENOTSUP on node%: requires node --single-threaded --v8-pool-size=1';
  const worker = /^ENOTSUP on a process with the threads .*: requires no threads but Node's own/;
  const refusals: [situation: string, nodeArgs: string[], can: boolean, message: string | RegExp][] = [
    ['plain', [], false, flags.replace('%', '')],
    ['plain', ['--single-threaded'], false, flags.replace('%', ' --single-threaded')],
    ['plain', ['--v8-pool-size=1'], false, flags.replace('%', ' --v8-pool-size=1')],
    ['plain', ['--single-threaded', '--v8-pool-size=2'], false, /--v8-pool-size=2: requires/],
    ['worker-alive', FLAGS, true, worker],
    ['worker-alive', [...FLAGS, '--disable-sigusr1'], true, worker],
    ['inspector', FLAGS, true, worker],
    ['in-worker', FLAGS, false, 'ENOTSUP on a Worker: requires the main thread'],
    ['other-version', FLAGS, false, 'ENOTSUP on Node.js 25.1.0: requires Node.js 22, 24, 26'],
    ['other-architecture', FLAGS, false, 'ENOTSUP on linux arm64: requires Linux on x86-64'],
    ['bun', FLAGS, false, 'ENOTSUP on linux x64: requires Node.js itself'],
  ];

  test.for(refusals)('%s %j is refused, and there is no child', async ([situation, nodeArgs, can, message]) => {
    const [first, ...lines] = await run('refused', [situation], nodeArgs);
    expect(first).toBe(`can: ${can}`);
    const matching = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(lines).toEqual([matching, matching, expect.stringMatching(/^children: *$/)]);
  });

  test('a forked child does not fork', async () => {
    expect(await run('refused', ['forked-child'])).toEqual([
      'ENOTSUP on a forked child: requires a process that was not forked itself',
      'exit code 0',
    ]);
  });

  test('a thread that is in a system call is waited for, as long as one likes', async () => {
    expect(await run('busy')).toEqual([
      'sync: ETIMEDOUT names the thread',
      'timeout: ETIMEDOUT names the thread',
      'abort: enough',
      'after the thread came back: 6',
    ]);
  });

  test('what ran meanwhile, and heap that a child would not have, are seen', async () => {
    expect(await run('census')).toEqual([
      'nothing ran: true',
      'the pool ran, and sleeps again: false',
      'a thread came: false',
      'a child without the heap lacks memory: true',
    ]);
  });

  test('without the bounds children hang: the flags are not for show', async () => {
    expect(await run('outside', ['400'], ['--expose-gc'])).toEqual(['a child hung']);
  });

  test('with the flags the same program has no child that hangs', async () => {
    expect(await run('outside', ['10'])).toEqual(['10 of 10 children ended']);
  });
});

describe.runIf(isHere)('many forks in a row', () => {
  test('with timers, file system work, a server, a watcher and other children under way', async () => {
    const [line] = await run('rounds', ['8', '10000']);
    expect(JSON.parse(line as string)).toEqual({
      ends: { 7: 8 },
      otherChildren: 'all well',
      fdsLeft: 0,
      childrenLeft: '',
      medianMs: expect.any(Number) as number,
    });
  });
});

/** A zombie is not: who reaps an orphan is not ours to say. */
function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return false;
  }
}
