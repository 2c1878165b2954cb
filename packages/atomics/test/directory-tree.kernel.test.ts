import fs, { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expectNoNewFds, needs, openFds, temporaryDirectory } from '@osx/test-support';
import { expect, vi } from 'vitest';

import { removeTree } from '../src/internal/directory-tree.ts';
import { runSync } from '../src/internal/protocol.ts';

const { test } = needs('linux');

test('a directory that becomes a symlink at the worst moment is not entered', () => {
  using directory = temporaryDirectory();
  const at = (name: string): string => join(directory.path, name);
  mkdirSync(at('tree/sub'), { recursive: true });
  mkdirSync(at('precious'));
  writeFileSync(at('precious/file'), '');
  const before = openFds();
  const open = fs.openSync;
  const spy = vi.spyOn(fs, 'openSync').mockImplementation((path, ...rest) => {
    if (String(path).endsWith('/sub') && !existsSync(at('aside'))) {
      renameSync(at('tree/sub'), at('aside'));
      symlinkSync(at('precious'), at('tree/sub'));
    }
    return open(path, ...rest);
  });
  try {
    expect(() => runSync(removeTree(at('tree')))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
  } finally {
    spy.mockRestore();
  }
  expect(existsSync(at('aside'))).toBe(true);
  expect(readdirSync(at('precious'))).toEqual(['file']);
  expectNoNewFds(before);
});

test('a deep tree', () => {
  using directory = temporaryDirectory();
  const top = join(directory.path, 'deep');
  mkdirSync(join(top, ...Array.from({ length: 300 }, () => 'd')), { recursive: true });
  runSync(removeTree(top));
  expect(readdirSync(directory.path)).toEqual([]);
});
