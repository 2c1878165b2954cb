import { constants, fstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Fd, isCloseOnExec, open } from '@osx/fds';
import { openat2 } from '@osx/linux/openat2';
import { assertHeadersAgree, expectNoNewFds, needs, openFds, temporaryDirectory } from '@osx/test-support';
import { expect } from 'vitest';

import { openHowStruct } from '../src/internal/open-how.ts';
import { RESOLVE } from '../src/internal/openat2-constants.ts';

const { test } = needs('linux');
const { O_CREAT, O_DIRECTORY, O_EXCL, O_RDONLY, O_WRONLY } = constants;

/** A root with a file, and every way out of it. */
function world() {
  const directory = temporaryDirectory();
  const root = join(directory.path, 'root');
  mkdirSync(join(root, 'sub'), { recursive: true });
  mkdirSync(join(directory.path, 'root-sibling'));
  writeFileSync(join(root, 'inside'), 'inside');
  writeFileSync(join(directory.path, 'outside'), 'outside');
  symlinkSync('../outside', join(root, 'link-out'));
  symlinkSync('/etc/passwd', join(root, 'absolute-link'));
  symlinkSync('../inside', join(root, 'sub', 'link-in'));
  symlinkSync('loop', join(root, 'loop'));
  return { root, [Symbol.dispose]: () => directory[Symbol.dispose]() };
}

test.each([
  ['../outside', 'EXDEV'],
  ['sub/../../outside', 'EXDEV'],
  ['link-out', 'EXDEV'],
  ['absolute-link', 'EXDEV'],
  ['/etc/passwd', 'EXDEV'],
  ['../root-sibling', 'EXDEV'],
  ['loop', 'ELOOP'],
  ['missing', 'ENOENT'],
])('beneath refuses %s with %s', (path, code) => {
  using tree = world();
  const before = openFds();
  {
    using root = open(tree.root, O_RDONLY | O_DIRECTORY);
    expect(() => openat2(root, path, { resolve: ['beneath'] })).toThrow(
      expect.objectContaining({ code, syscall: 'openat2', path }),
    );
  }
  expectNoNewFds(before);
});

test('beneath opens what is inside, also through a link that stays inside', () => {
  using tree = world();
  using root = open(tree.root, O_RDONLY | O_DIRECTORY);
  using file = openat2(root, 'sub/link-in', { resolve: ['beneath', 'no-magiclinks'] });
  expect(file).toBeInstanceOf(Fd);
  expect(readFileSync(file.number, 'utf8')).toBe('inside');
  expect(isCloseOnExec(file)).toBe(true);
});

test('in-root takes the start directory for the root', () => {
  using tree = world();
  using root = open(tree.root, O_RDONLY | O_DIRECTORY);
  using file = openat2(root.number, '/../../inside', { resolve: ['in-root'] });
  expect(readFileSync(file.number, 'utf8')).toBe('inside');
});

test('no-symlinks refuses a link that stays inside', () => {
  using tree = world();
  using root = open(tree.root, O_RDONLY | O_DIRECTORY);
  expect(() => openat2(root, 'sub/link-in', { resolve: ['no-symlinks'] })).toThrow(
    expect.objectContaining({ code: 'ELOOP' }),
  );
});

test('a file is made with flags and mode', () => {
  using tree = world();
  using root = open(tree.root, O_RDONLY | O_DIRECTORY);
  using made = openat2(root, 'made', { flags: O_CREAT | O_EXCL | O_WRONLY, mode: 0o600 });
  expect(fstatSync(made.number).mode & 0o777).toBe(0o600);
  expect(() => openat2(root, 'inside', { mode: 0o600 })).toThrow(expect.objectContaining({ code: 'EINVAL' }));
});

test('null starts at the current directory', () => {
  using here = openat2(null, '.', { flags: O_DIRECTORY });
  expect(fstatSync(here.number).isDirectory()).toBe(true);
});

test('a closed Fd is EBADF', () => {
  using tree = world();
  const root = open(tree.root, O_RDONLY | O_DIRECTORY);
  root.close();
  expect(() => openat2(root, 'inside')).toThrow(expect.objectContaining({ code: 'EBADF' }));
});

needs('gcc').test('constants and layout are those of the headers', async () => {
  const names = Object.entries(RESOLVE).map(([rule, bit]) => [`RESOLVE_${rule.replace('-', '_').toUpperCase()}`, bit]);
  const constantClaims = Object.fromEntries(names) as Record<string, number>;
  const structs = { 'struct open_how': openHowStruct.layout() };
  await assertHeadersAgree({ headers: ['linux/openat2.h'], constants: constantClaims, structs });
});
