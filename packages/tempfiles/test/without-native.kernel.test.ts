import { readdirSync } from 'node:fs';

import { needs, temporaryDirectory } from '@osx/test-support';
import { sweepTemporaryFiles } from '@osx/tempfiles';
import { describe, expect } from 'vitest';

import { inChild } from './in-child.ts';

const { test } = needs('linux');
const hooks = new URL('./fixtures/missing-package.ts', import.meta.url);
const without = (name: string): object => ({ nodeArgs: ['--import', hooks.href], env: { OSX_TEST_MISSING: name } });

describe('where koffi is not installed', () => {
  test('names tell their owner, and all else is as ever', async () => {
    using directory = temporaryDirectory();
    const [names, sweep] = await inChild(
      [
        ['namesOf', directory.path],
        ['sweepLive', directory.path],
      ],
      without('koffi'),
    );
    const owner = /-[0-9a-f]{12}-\w+-\w+-\w+-\w+\.osxtmp$/;
    const [file, made, unnamed] = (names?.result ?? []) as string[];
    expect(file).toMatch(owner);
    expect(made).toMatch(owner);
    expect(unnamed).toBe('null');
    expect(sweep?.result).toEqual(['live']);
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test('litter of the killed is swept by what its name tells', async () => {
    using directory = temporaryDirectory();
    const [answer] = await inChild([['litter', directory.path]], without('koffi'));
    expect(answer).toEqual({ result: 1 });
    expect((await sweepTemporaryFiles(directory.path)).removed).toHaveLength(1);
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test('what cannot be done says what is missing', async () => {
    using directory = temporaryDirectory();
    const [answer] = await inChild([['linkUnnamed', directory.path]], without('koffi'));
    expect(answer).toMatchObject({ code: 'ENOTSUP', message: expect.stringContaining('named: true') as string });
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test('spooled files go from memory to the disk', async () => {
    const [answer] = await inChild([['spool', [5, 5, 100], { maxMemoryBytes: 10 }]], without('koffi'));
    expect(answer?.result).toEqual(['memory', 'memory', 'disk']);
  });
});

test('where @osx/linux is not installed spooled files go from memory to the disk, and locks are held', async () => {
  using directory = temporaryDirectory();
  const calls = [
    ['spool', [5, 100], { maxMemoryBytes: 10 }],
    ['namesOf', directory.path],
    ['linkUnnamed', directory.path],
  ];
  const [stages, names, linked] = await inChild(calls, without('@osx/linux'));
  expect(stages?.result).toEqual(['memory', 'disk']);
  expect(((names?.result ?? []) as string[])[1]).toMatch(/\/osx-[0-9a-z]{16}\.osxtmp$/);
  expect(linked).toEqual({});
  expect(readdirSync(directory.path)).toEqual(['linked']);
});

test('nothing native is loaded by the import, nor for a file without a name', async () => {
  const answers = await inChild([['loadedAddons'], ['openTemporaryFile'], ['loadedAddons']]);
  expect(answers.map(({ result }) => result)).toEqual([[], undefined, []]);
});
