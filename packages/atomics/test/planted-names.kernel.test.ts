import { existsSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { needs, temporaryDirectory } from '@osx/test-support';
import { expect } from 'vitest';

import { beginDraft, discard } from '../src/internal/draft.ts';
import { runAsync } from '../src/internal/protocol.ts';
import { checkRequest } from '../src/internal/write-request.ts';

const { test } = needs('linux');

test('a symlink planted at the name of the temporary is neither followed nor removed; another name is taken', async () => {
  using directory = temporaryDirectory();
  const victim = join(directory.path, 'victim');
  symlinkSync('victim', join(directory.path, 'planted'));
  const names = ['planted', 'free'];
  const request = checkRequest(join(directory.path, 'file'));
  const draft = await runAsync(beginDraft(request, () => names.shift() as string));
  expect(draft.temporary).toBe(join(directory.path, 'free'));
  await runAsync(discard(draft));
  expect(existsSync(victim)).toBe(false);
  expect(readdirSync(directory.path)).toEqual(['planted']);
});

test('when every name is taken it gives up, and removes nothing that is not its own', async () => {
  using directory = temporaryDirectory();
  writeFileSync(join(directory.path, 'taken'), 'of another');
  const request = checkRequest(join(directory.path, 'file'));
  await expect(runAsync(beginDraft(request, () => 'taken'))).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readFileSync(join(directory.path, 'taken'), 'utf8')).toBe('of another');
});
