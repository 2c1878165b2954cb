import { expect, test } from 'vitest';

import { chmodTree } from '@osx/filemodes';
import { hasCapability, needs, temporaryDirectory } from '@osx/test-support';

import { attack, type AttackResult } from './fixtures/attacked-tree.ts';
import { naiveChmodTree } from './fixtures/naive-chmod-tree.ts';

const on = hasCapability('shm') ? 'tmpfs' : 'disk';

test('the naive twin escapes from a tree whose entries are swapped for symlinks', async () => {
  using directory = temporaryDirectory('attack', { on });
  const end = performance.now() + 30_000;
  const walk = async (top: string, mode: number): Promise<void> => naiveChmodTree(top, mode);
  const { escapes } = await attack(directory.path, walk, (result) => result.escapes > 0 || performance.now() > end);
  expect(escapes).toBeGreaterThan(0);
});

needs('linux').test('chmodTree does not, and meets the symlinks', async () => {
  using directory = temporaryDirectory('attack', { on });
  const seen = { changed: 0, skippedSymlinks: 0, vanished: 0 };
  const codes = new Set<string>();
  const walk = async (top: string, mode: number): Promise<void> => {
    const result = await chmodTree(top, { mode });
    for (const name of ['changed', 'skippedSymlinks', 'vanished'] as const) seen[name] += result[name];
    for (const { code } of result.errors) codes.add(code);
  };
  const isEnough = ({ rounds, escapes }: AttackResult): boolean =>
    escapes > 0 || (rounds >= 500 && seen.skippedSymlinks > 100) || rounds >= 20_000;
  const { escapes } = await attack(directory.path, walk, isEnough);
  expect(escapes).toBe(0);
  expect(seen.skippedSymlinks).toBeGreaterThan(100);
  expect([...codes]).toEqual([]);
  expect(seen.changed).toBeGreaterThan(1_000);
});
