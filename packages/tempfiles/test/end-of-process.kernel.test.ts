import { existsSync, readdirSync } from 'node:fs';

import { needs, spawnFixture, temporaryDirectory } from '@osx/test-support';
import { sweepTemporaryFiles } from '@osx/tempfiles';
import { describe, expect, test } from 'vitest';

const holder = new URL('./fixtures/holder.ts', import.meta.url);
const timeout = 60_000;

async function hold(where: string, what: string): Promise<Awaited<ReturnType<typeof spawnFixture>>> {
  const child = await spawnFixture(holder, [where, what]);
  expect(existsSync(await child.nextLine())).toBe(true);
  expect(existsSync(await child.nextLine())).toBe(true);
  await child.nextLine();
  return child;
}

describe('nothing is left', () => {
  test.each([
    ['exit', { code: 3, signal: null }],
    ['throw', { code: 1, signal: null }],
    ['natural', { code: 0, signal: null }],
  ])('after %s', { timeout }, async (what, end) => {
    using directory = temporaryDirectory();
    await using child = await hold(directory.path, what);
    child.send('go');
    expect(await child.exited).toEqual(end);
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)(
    'after %s, which ends the process as a signal does',
    { timeout },
    async (signal) => {
      using directory = temporaryDirectory();
      await using child = await hold(directory.path, 'idle');
      child.kill(signal);
      expect(await child.exited).toEqual({ code: null, signal });
      expect(readdirSync(directory.path)).toEqual([]);
    },
  );

  test('after a signal when all was disposed before', { timeout }, async () => {
    using directory = temporaryDirectory();
    await using child = await hold(directory.path, 'dispose');
    child.send('go');
    expect(await child.nextLine()).toBe('disposed');
    expect(readdirSync(directory.path)).toEqual([]);
    child.kill('SIGTERM');
    expect(await child.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });
});

describe("the program's own handler", () => {
  test.each(['own-handler', 'late-handler', 'once-handler'])('%s is in charge', { timeout }, async (what) => {
    using directory = temporaryDirectory();
    await using child = await hold(directory.path, what);
    if (what !== 'own-handler') {
      child.send('go');
      expect(await child.nextLine()).toBe('1');
    }
    child.kill('SIGTERM');
    expect(await child.nextLine()).toBe('handled');
    expect(readdirSync(directory.path)).toHaveLength(2);
    if (what === 'own-handler') child.send('go');
    else child.kill(what === 'once-handler' ? 'SIGTERM' : 'SIGINT');
    const ends = { 'own-handler': [3, null], 'late-handler': [null, 'SIGINT'], 'once-handler': [null, 'SIGTERM'] };
    const [code, signal] = ends[what as keyof typeof ends];
    expect(await child.exited).toEqual({ code, signal });
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test('that is gone again leaves the default end', { timeout }, async () => {
    using directory = temporaryDirectory();
    await using child = await hold(directory.path, 'leaving-handler');
    child.send('go');
    expect(await child.nextLine()).toBe('0');
    child.kill('SIGTERM');
    expect(await child.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test.each([
    ['counting-handler', 'counted'],
    ['graceful', 'cleanup'],
  ])('%s that ends the process by the signal', { timeout }, async (what, says) => {
    using directory = temporaryDirectory();
    await using child = await hold(directory.path, what);
    child.send('go');
    expect(await child.nextLine()).toBe('armed');
    child.kill('SIGTERM');
    expect(await child.nextLine()).toBe(says);
    expect(await child.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test('that kills the process itself removes all before', { timeout }, async () => {
    using directory = temporaryDirectory();
    await using child = await hold(directory.path, 'ends-itself');
    child.send('go');
    expect(await child.nextLine()).toBe('armed');
    child.kill('SIGTERM');
    expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test('sees no listener of ours', { timeout }, async () => {
    using directory = temporaryDirectory();
    await using child = await spawnFixture(holder, [directory.path, 'idle']);
    const lines = [await child.nextLine(), await child.nextLine(), await child.nextLine()];
    expect(lines[2]).toBe('0');
  });
});

needs('linux').test('SIGKILL leaves what the next sweep removes', { timeout }, async () => {
  using directory = temporaryDirectory();
  await using child = await hold(directory.path, 'idle');
  const living = await sweepTemporaryFiles(directory.path);
  expect(living.removed).toEqual([]);
  expect(living.kept.map(({ reason }) => reason)).toEqual(['live', 'live']);
  child.kill('SIGKILL');
  await child.exited;
  expect(readdirSync(directory.path)).toHaveLength(2);
  const { removed, kept } = await sweepTemporaryFiles(directory.path);
  expect(kept).toEqual([]);
  expect(removed).toHaveLength(2);
  expect(readdirSync(directory.path)).toEqual([]);
});
