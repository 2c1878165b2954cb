import { expect, test } from 'vitest';

import { chmodTree } from '@osx/filemodes';
import { hasCapability, temporaryDirectory } from '@osx/test-support';

import { attack } from './fixtures/attacked-tree.ts';
import { naiveChmodTree } from './fixtures/naive-chmod-tree.ts';

const ROUNDS = 20_000;

test('20,000 walks of a tree whose entries are swapped for symlinks: nothing outside is changed', async () => {
  let symlinks = 0;
  const ours = await attacked(async (top, mode) => {
    symlinks += (await chmodTree(top, { mode })).skippedSymlinks;
  });
  const naive = await attacked(async (top, mode) => naiveChmodTree(top, mode));
  console.log(`${ROUNDS} walks, ${symlinks} symlinks met: ${ours} escapes; the naive twin: ${naive}`);
  expect(ours).toBe(0);
  expect(naive).toBeGreaterThan(0);
});

async function attacked(walk: (top: string, mode: number) => Promise<void>): Promise<number> {
  using directory = temporaryDirectory('attack', { on: hasCapability('shm') ? 'tmpfs' : 'disk' });
  return (await attack(directory.path, walk, ({ rounds }) => rounds >= ROUNDS)).escapes;
}
