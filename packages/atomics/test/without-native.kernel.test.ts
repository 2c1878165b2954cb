import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { needs, temporaryDirectory } from '@osx/test-support';
import { describe, expect } from 'vitest';

import { inChild } from './in-child.ts';

const { test } = needs('linux');
const hooks = new URL('./fixtures/missing-package.ts', import.meta.url);

describe.each(['@osx/linux', 'koffi'])('where %s is not installed', (name) => {
  const options = { nodeArgs: ['--import', hooks.href], env: { OSX_TEST_MISSING: name } };

  test('writes, streams of bytes and renames of files work', async () => {
    using directory = temporaryDirectory();
    const at = (file: string): string => join(directory.path, file);
    writeFileSync(at('old'), 'old');
    chmodSync(at('old'), 0o751);
    const answers = await inChild(
      {
        calls: [
          ['setUmask', 0o027],
          ['writeFileAtomic', at('old'), 'new'],
          ['writeFileAtomicSync', at('made'), 'made'],
          ['writeFileAtomic', at('made'), 'again', { exclusive: true }],
          ['writeFileAtomic', at('once'), 'once', { exclusive: true }],
          ['renameNoReplace', at('once'), at('old')],
          ['renameNoReplace', at('once'), at('free')],
        ],
      },
      options,
    );
    expect(answers.map(({ code }) => code)).toEqual([
      undefined,
      undefined,
      undefined,
      'EEXIST',
      undefined,
      'EEXIST',
      undefined,
    ]);
    expect(readFileSync(at('old'), 'utf8') + readFileSync(at('made'), 'utf8')).toBe('newmade');
    expect(statSync(at('old')).mode & 0o7777).toBe(0o751);
    expect(statSync(at('made')).mode & 0o7777).toBe(0o640);
    expect(readdirSync(directory.path).toSorted()).toEqual(['free', 'made', 'old']);
  });

  test('what cannot be done says what is missing and how to get it', async () => {
    using directory = temporaryDirectory();
    const at = (file: string): string => join(directory.path, file);
    mkdirSync(at('dir'));
    writeFileSync(at('file'), 'x');
    const answers = await inChild(
      {
        calls: [
          ['exchangePaths', at('dir'), at('file')],
          ['renameNoReplace', at('dir'), at('free')],
          ['writeFileAtomic', 'file', 'x', { rootDirectory: directory.path }],
        ],
      },
      options,
    );
    for (const answer of answers)
      expect(answer).toMatchObject({ code: 'ENOTSUP', message: expect.stringContaining('requires') as string });
    expect(answers[0]?.message).toContain('--omit=optional');
    expect(readFileSync(at('file'), 'utf8')).toBe('x');
  });
});

test('nothing native is loaded for a new file with a mode, nor by the import', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  const calls = [['loadedAddons'], ['writeFileAtomic', path, 'x', { mode: 0o600 }], ['loadedAddons']];
  const answers = await inChild({ calls });
  expect(answers.map(({ result }) => result)).toEqual([[], undefined, []]);
});
