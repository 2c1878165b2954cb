import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createAtomicWriteStream, writeFileAtomic } from '@osx/atomics';
import { expectNoNewFds, needs, openFds, spawnFixture, temporaryDirectory } from '@osx/test-support';
import { describe, expect } from 'vitest';

import { twins } from './twins.ts';

const { test } = needs('linux');
const exchanger = new URL('./fixtures/exchanger.ts', import.meta.url);

/** A root, and every way out of it. */
function world() {
  const directory = temporaryDirectory();
  const root = join(directory.path, 'root');
  mkdirSync(join(root, 'sub'), { recursive: true });
  mkdirSync(join(directory.path, 'root-sibling'));
  writeFileSync(join(directory.path, 'outside'), 'outside');
  symlinkSync('..', join(root, 'up'));
  symlinkSync('../outside', join(root, 'out'));
  symlinkSync(join(directory.path, 'outside'), join(root, 'absolute'));
  symlinkSync(join(root, 'sub'), join(root, 'absolute-inside'));
  symlinkSync('/outside', join(root, 'sub', 'absolute'));
  symlinkSync('sub/target', join(root, 'inner'));
  symlinkSync('sub/../sub', join(root, 'dots'));
  return { root, base: directory.path, [Symbol.dispose]: () => directory[Symbol.dispose]() };
}

describe.each(twins)('%s', (_name, write) => {
  test.each([
    ['..', '../outside'],
    ['.. further in', 'sub/../../outside'],
    ['a symlink out as directory', 'up/outside'],
    ['a symlink out as target', 'out'],
    ['an absolute symlink', 'absolute'],
    ['an absolute symlink further in', 'sub/absolute'],
    ['an absolute symlink even to the inside', 'absolute-inside/file'],
    ['an absolute path', '/tmp/osx-outside'],
    ['a sibling with the same prefix', '../root-sibling/file'],
  ])('%s is refused', async (_what, path) => {
    using tree = world();
    const before = openFds();
    await expect(write(path, 'x', { rootDirectory: tree.root })).rejects.toMatchObject({
      code: 'EXDEV',
      path,
      message: expect.stringContaining('leads out of rootDirectory') as string,
    });
    expectNoNewFds(before);
    expect(readFileSync(join(tree.base, 'outside'), 'utf8')).toBe('outside');
    expect(readdirSync(join(tree.base, 'root-sibling'))).toEqual([]);
    expect(readdirSync(tree.root)).toHaveLength(7);
  });

  test('absolute paths: inside by the same spelling, the sibling refused', async () => {
    using tree = world();
    await write(`${tree.root}//sub/file`, 'inside', { rootDirectory: `${tree.root}/` });
    expect(readFileSync(join(tree.root, 'sub', 'file'), 'utf8')).toBe('inside');
    const sibling = `${tree.root}-sibling/file`;
    await expect(write(sibling, 'x', { rootDirectory: tree.root })).rejects.toMatchObject({
      code: 'EXDEV',
      path: sibling,
    });
  });

  test('what stays inside works: links, .. and new directories', async () => {
    using tree = world();
    const before = openFds();
    const rootDirectory = tree.root;
    await write('inner', 'by link', { rootDirectory });
    expect(readFileSync(join(tree.root, 'sub', 'target'), 'utf8')).toBe('by link');
    await write('sub/../dots/file', 'by dots', { rootDirectory });
    expect(readFileSync(join(tree.root, 'sub', 'file'), 'utf8')).toBe('by dots');
    await write('new/deep/file', 'made', { rootDirectory, makeDirectories: true });
    expect(readFileSync(join(tree.root, 'new', 'deep', 'file'), 'utf8')).toBe('made');
    await expect(write('no/file', '', { rootDirectory })).rejects.toMatchObject({ code: 'ENOENT', path: 'no/file' });
    await write('out', 'replaced', { rootDirectory, followSymlinks: false });
    expect(readFileSync(join(tree.base, 'outside'), 'utf8')).toBe('outside');
    await write('once', '1', { rootDirectory, exclusive: true });
    await expect(write('once', '2', { rootDirectory, exclusive: true })).rejects.toMatchObject({ code: 'EEXIST' });
    expectNoNewFds(before);
  });
});

test('a directory that becomes a symlink between check and use leads nobody out', { timeout: 60_000 }, async () => {
  using tree = world();
  const trap = join(tree.base, 'trap');
  mkdirSync(trap);
  await using other = await spawnFixture(exchanger, [join(tree.root, 'sub'), trap]);
  const ends = new Map<string, number>();
  for (let count = 0; count < 2000 || !(ends.has('written') && ends.has('EXDEV')); count++) {
    const end = await writeFileAtomic('sub/file', 'x', { rootDirectory: tree.root, durability: 'none' }).then(
      () => 'written',
      (error: unknown) => String((error as NodeJS.ErrnoException).code),
    );
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  other.kill('SIGKILL');
  await other.exited;
  expect(readdirSync(trap)).toEqual([]);
  expect([...ends.keys()].toSorted()).toEqual(['ENOENT', 'EXDEV', 'written']);
});

test('a directory that is moved away while a stream is open: the content goes where the stream began', async () => {
  using tree = world();
  const stream = createAtomicWriteStream('sub/file', { rootDirectory: tree.root });
  await new Promise((resolve) => stream.write('x', resolve));
  renameSync(join(tree.root, 'sub'), join(tree.root, 'moved'));
  symlinkSync(tree.base, join(tree.root, 'sub'));
  await new Promise((resolve) => stream.end(resolve));
  expect(existsSync(join(tree.base, 'file'))).toBe(false);
  expect(readFileSync(join(tree.root, 'moved', 'file'), 'utf8')).toBe('x');
});
