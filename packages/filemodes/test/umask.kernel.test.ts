import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { readUmask, withUmask } from '@osx/filemodes';
import { expectNoNewFds, hasCapability, needs, openFds, runFixture, temporaryDirectory } from '@osx/test-support';

import { umaskOfProc } from '../src/internal/umask-sources.ts';

const race = new URL('fixtures/umask-race.ts', import.meta.url);
const factsFixture = new URL('fixtures/umask-facts.ts', import.meta.url);
const withUmaskFixture = new URL('fixtures/with-umask.ts', import.meta.url);

describe('readUmask', () => {
  test('is what was set, by /proc and by the shell', async () => {
    const { stdout, stderr } = await runFixture(factsFixture);
    expect(stderr).toBe('');
    const all = JSON.parse(stdout) as number[][];
    expect(all.map(([mask]) => mask)).toEqual([0, 0o022, 0o077, 0o777, 0o123]);
    for (const [mask, ...read] of all) expect(read).toEqual([mask, mask, mask, mask]);
  });

  test('in a Worker too', async () => {
    const { stdout } = await runFixture(factsFixture, ['worker']);
    expect(JSON.parse(stdout)).toEqual([0o137]);
  });

  needs('linux').test(
    'a thread that makes files meanwhile sees no other umask; process.umask() lets it make open ones',
    async () => {
      const on = hasCapability('shm') ? 'tmpfs' : 'disk';
      const seen = async (how: string): Promise<{ masks: number[]; openToOthers: number }> => {
        using directory = temporaryDirectory('umask', { on });
        return JSON.parse((await runFixture(race, [how, directory.path])).stdout) as {
          masks: number[];
          openToOthers: number;
        };
      };
      expect(await seen('readUmask')).toEqual({ masks: [0o077], openToOthers: 0 });
      const naive = await seen('process.umask');
      expect(naive.masks).toEqual([0o077]);
      expect(naive.openToOthers).toBeGreaterThan(0);
    },
  );

  needs('linux').test('leaks no descriptor', () => {
    const before = openFds();
    for (let count = 0; count < 100; count += 1) readUmask();
    expectNoNewFds(before);
  });

  test('a status without the line, or none, is no answer', () => {
    using directory = temporaryDirectory('status');
    const path = join(directory.path, 'status');
    expect(umaskOfProc(path)).toBeUndefined();
    for (const [text, umask] of [
      ['Name:\tnode\nState:\tR\n', undefined],
      ['Name:\tUmask:\t0000\nUmask:\t0027\nState:\tR\n', 0o027],
      ['Name:\ta\\nUmask:\t0000\nUmask:\t0077\n', 0o077],
      [`Name:\t${'\\134'.repeat(64)}\nUmask:\t0022\n`, 0o022],
      ['', undefined],
    ] as const) {
      writeFileSync(path, text);
      expect(umaskOfProc(path)).toBe(umask);
    }
  });
});

describe('withUmask', () => {
  test('in a process of its own', async () => {
    using directory = temporaryDirectory('with-umask');
    const { stdout, stderr } = await runFixture(withUmaskFixture, [], { cwd: directory.path });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      returns: 'what the callback returns',
      made: ['600', '700'],
      nested: [0o007, 0o077],
      thrown: { code: 'OWN', message: 'its own' },
      restored: 0o022,
      meddled: [0o077, 0o022],
      async: { code: 'ERR_INVALID_ARG_VALUE', message: expect.stringContaining('must be a synchronous function') },
      generator: { code: 'ERR_INVALID_ARG_VALUE', message: expect.stringContaining('must be a synchronous function') },
      called: false,
      promise: {
        code: 'ERR_INVALID_ARG_VALUE',
        message: expect.stringContaining('a function that returns no promise'),
      },
      'after promise': 0o022,
      worker: { code: 'ENOTSUP', message: expect.stringContaining('the main thread'), isCalled: false },
      'after worker': 0o022,
    });
  });

  test.each<[string, unknown[], string]>([
    ['mask text', ['022', () => {}], 'ERR_INVALID_ARG_TYPE'],
    ['mask too large', [0o1000, () => {}], 'ERR_OUT_OF_RANGE'],
    ['mask negative', [-1, () => {}], 'ERR_OUT_OF_RANGE'],
    ['no callback', [0o022], 'ERR_INVALID_ARG_TYPE'],
  ])('%s is refused', (_, args, code) => {
    const before = readUmask();
    expect(() => withUmask(...(args as [number, () => void]))).toThrow(expect.objectContaining({ code }));
    expect(readUmask()).toBe(before);
  });
});
