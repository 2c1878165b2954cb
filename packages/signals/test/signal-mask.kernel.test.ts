import { join } from 'node:path';

import { needs, runTool, temporaryDirectory } from '@osx/test-support';
import { describe, expect } from 'vitest';

import { sendSignal, signals } from '@osx/signals';

import { startRemote, type Remote } from './remote.ts';

const { test } = needs('linux');

/** Every set of blocked signals that a thread of it has, but the empty one. */
function blockedSets(remote: Remote): number[][] {
  const sets = remote.kernelSets('SigBlk').map((set) => JSON.stringify(set));
  return [...new Set(sets)].filter((set) => set !== '[]').map((set) => JSON.parse(set) as number[]);
}

describe.each(['main', 'worker'] as const)('on %s', (where) => {
  test('the kernel shows what was blocked, unblocked and set, in that thread', async () => {
    await using child = await startRemote(where);
    const before = blockedSets(child);
    const now = (): number[][] =>
      blockedSets(child).filter((set) => !JSON.stringify(before).includes(JSON.stringify(set)));
    expect(await child.call('getSignalMask')).toEqual({ value: [] });
    expect(await child.call('setSignalMask', 'block', ['SIGUSR2', 'rtmin+3', 64])).toEqual({ value: [] });
    expect(now()).toEqual([[12, 37, 64]]);
    expect(await child.call('setSignalMask', 'block', 'SIGHUP')).toEqual({
      value: ['SIGUSR2', 'SIGRTMIN+3', 'SIGRTMAX'],
    });
    expect(now()).toEqual([[1, 12, 37, 64]]);
    expect(await child.call('setSignalMask', 'unblock', ['SIGUSR2', 'SIGTERM', 'SIGKILL'])).toEqual({
      value: ['SIGHUP', 'SIGUSR2', 'SIGRTMIN+3', 'SIGRTMAX'],
    });
    expect(now()).toEqual([[1, 37, 64]]);
    expect(await child.call('setSignalMask', 'set', ['SIGTERM', 'SIGIOT'])).toEqual({
      value: ['SIGHUP', 'SIGRTMIN+3', 'SIGRTMAX'],
    });
    expect(now()).toEqual([[6, 15]]);
    expect(await child.call('getSignalMask')).toEqual({ value: ['SIGABRT', 'SIGTERM'] });
    expect(await child.call('setSignalMask', 'block', [])).toEqual({ value: ['SIGABRT', 'SIGTERM'] });
    expect(now()).toEqual([[6, 15]]);
    expect(await child.call('setSignalMask', 'set', [])).toEqual({ value: ['SIGABRT', 'SIGTERM'] });
    expect(now()).toEqual([]);
    expect(child.kernelSet('SigBlk')).toEqual([]);
  });

  test('all that can be blocked: everything but SIGKILL, SIGSTOP and the two of the C library', async () => {
    await using child = await startRemote(where);
    const all = [...signals()].filter(([name]) => name !== 'SIGKILL' && name !== 'SIGSTOP');
    const names = all.map(([name]) => name);
    await child.call('setSignalMask', 'set', names);
    expect(await child.call('getSignalMask')).toEqual({ value: names });
    expect(child.kernelSets('SigBlk')).toContainEqual(all.map(([, number]) => number));
    expect(await child.call('setSignalMask', 'set', [])).toEqual({ value: names });
  });

  test('a signal to the thread waits while it is blocked, and is told', async () => {
    await using child = await startRemote(where);
    await child.call('setSignalMask', 'block', ['SIGUSR2', 'SIGRTMIN', 'SIGTERM']);
    expect(await child.call('pendingSignals')).toEqual({ value: [] });
    for (const number of [12, 34, 12]) await child.call('raise', number);
    expect(await child.call('pendingSignals')).toEqual({ value: ['SIGUSR2', 'SIGRTMIN'] });
    expect(child.kernelSets('SigPnd')).toContainEqual([12, 34]);
    await child.call('setSignalMask', 'unblock', 'SIGRTMIN+1');
    expect(await child.call('pendingSignals')).toEqual({ value: ['SIGUSR2', 'SIGRTMIN'] });
    child.process.send(JSON.stringify(['setSignalMask', 'unblock', 'SIGUSR2']));
    expect(await child.process.exited).toMatchObject({ signal: 'SIGUSR2' });
  });

  test('SIGPIPE, which Node ignores, still waits where it is blocked', async () => {
    using directory = temporaryDirectory('mask');
    const path = join(directory.path, 'pipe');
    runTool('mkfifo', [path]);
    await using child = await startRemote(where);
    await child.call('setSignalMask', 'block', 'SIGPIPE');
    expect(await child.call('writeToClosedPipe', path)).toEqual({ value: 'EPIPE' });
    expect(await child.call('pendingSignals')).toEqual({ value: ['SIGPIPE'] });
    await child.call('setSignalMask', 'unblock', 'SIGPIPE');
    expect(await child.call('pendingSignals')).toEqual({ value: [] });
  });

  test('a scope puts back what it found, of what it named', async () => {
    await using child = await startRemote(where);
    await child.call('setSignalMask', 'set', ['SIGHUP', 'SIGUSR2']);
    const mask = async (): Promise<unknown> => (await child.call('getSignalMask')).value;
    const open = async (...args: unknown[]): Promise<unknown> => (await child.call('openScope', ...args)).value;
    const block = await open('block', ['SIGUSR2', 'SIGTERM']);
    expect(await mask()).toEqual(['SIGHUP', 'SIGUSR2', 'SIGTERM']);
    const unblock = await open('unblock', ['SIGHUP', 'SIGALRM']);
    expect(await mask()).toEqual(['SIGUSR2', 'SIGTERM']);
    const set = await open('set', ['SIGWINCH']);
    expect(await mask()).toEqual(['SIGWINCH']);
    await child.call('closeScope', set);
    expect(await mask()).toEqual(['SIGUSR2', 'SIGTERM']);
    await child.call('setSignalMask', 'block', 'SIGCHLD');
    await child.call('closeScope', unblock);
    expect(await mask()).toEqual(['SIGHUP', 'SIGUSR2', 'SIGTERM', 'SIGCHLD']);
    await child.call('closeScope', block);
    expect(await mask()).toEqual(['SIGHUP', 'SIGUSR2', 'SIGCHLD']);
    await child.call('closeScope', block);
    await child.call('closeScope', set);
    expect(await mask()).toEqual(['SIGHUP', 'SIGUSR2', 'SIGCHLD']);
  });
});

/** What a mask must be while these scopes are open: each signal as the last one that names it wants it. */
function expectedMask(found: readonly string[], open: readonly (readonly [string, readonly string[]])[]): string[] {
  const mask = new Set(found);
  for (const [how, names] of open) {
    if (how === 'set') mask.clear();
    for (const name of names)
      if (how === 'unblock') mask.delete(name);
      else mask.add(name);
  }
  return [...signals().keys()].filter((name) => mask.has(name));
}

test('scopes may be closed in any order: all orders of four that overlap', async () => {
  const found = ['SIGHUP'];
  const scopes = [
    ['block', ['SIGUSR2', 'SIGTERM']],
    ['unblock', ['SIGHUP', 'SIGTERM']],
    ['set', ['SIGTERM', 'SIGALRM']],
    ['block', ['SIGHUP', 'SIGUSR2']],
  ] as const;
  await using child = await startRemote();
  await child.call('setSignalMask', 'set', found);
  for (const order of permutations([0, 1, 2, 3])) {
    const indexes: unknown[] = [];
    for (const scope of scopes) indexes.push((await child.call('openScope', ...scope)).value);
    const open = new Set([0, 1, 2, 3]);
    for (const closing of order) {
      await child.call('closeScope', indexes[closing]);
      open.delete(closing);
      const expected = expectedMask(
        found,
        scopes.filter((_, index) => open.has(index)),
      );
      expect({ order, closing, mask: (await child.call('getSignalMask')).value }).toEqual({
        order,
        closing,
        mask: expected,
      });
    }
  }
});

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}

test('blocked in one thread, sent to the process: another thread takes it, as the docblock says', async () => {
  await using child = await startRemote();
  await child.call('listen', 'SIGUSR2');
  await child.call('setSignalMask', 'block', ['SIGUSR2', 'SIGTERM']);
  sendSignal(child.pid, 'SIGUSR2');
  expect(await child.nextEvent()).toBe('SIGUSR2');
  expect(child.kernelSet('ShdPnd')).toEqual([]);
  sendSignal(child.pid, 'SIGTERM');
  expect(await child.process.exited).toMatchObject({ signal: 'SIGTERM' });
});

test("a Worker's mask is its own, and children have none of it", async () => {
  await using child = await startRemote('worker');
  await child.call('setSignalMask', 'block', 'SIGUSR2');
  expect(child.kernelSet('SigBlk')).toEqual([]);
  expect(child.kernelSets('SigBlk')).toContainEqual([12]);
  expect((await child.call('maskOfChild')).value).toMatch(/^SigBlk:\s*0{16}\n$/);
});
