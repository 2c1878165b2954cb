import { lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { isSystemError } from '@osx/errors';
import { renameat2 } from '@osx/linux/renameat2';
import { needs, temporaryDirectory } from '@osx/test-support';
import { expect } from 'vitest';

const { test } = needs('linux');

test('noReplace renames to a free name and refuses a taken one', () => {
  using directory = temporaryDirectory();
  const [a, b] = [join(directory.path, 'a'), join(directory.path, 'b')];
  writeFileSync(a, 'a');
  renameat2(a, b, { noReplace: true });
  expect(readFileSync(b, 'utf8')).toBe('a');
  writeFileSync(a, 'again');
  expect(() => renameat2(a, b, { noReplace: true })).toThrow(
    expect.objectContaining({ code: 'EEXIST', syscall: 'renameat2', path: a, dest: b }),
  );
  expect(readFileSync(b, 'utf8')).toBe('a');
});

test('noReplace sees a dangling symlink as taken', () => {
  using directory = temporaryDirectory();
  const [a, b] = [join(directory.path, 'a'), join(directory.path, 'b')];
  writeFileSync(a, 'a');
  symlinkSync('nowhere', b);
  expect(() => renameat2(a, b, { noReplace: true })).toThrow(expect.objectContaining({ code: 'EEXIST' }));
  expect(readlinkSync(b)).toBe('nowhere');
});

test('exchange swaps a file and a directory that is not empty; both must exist', () => {
  using directory = temporaryDirectory();
  const [a, b] = [join(directory.path, 'a'), join(directory.path, 'b')];
  writeFileSync(a, 'file');
  mkdirSync(join(b, 'inner'), { recursive: true });
  renameat2(a, b, { exchange: true });
  expect(lstatSync(join(a, 'inner')).isDirectory()).toBe(true);
  expect(readFileSync(b, 'utf8')).toBe('file');
  expect(() => renameat2(a, join(directory.path, 'c'), { exchange: true })).toThrow(
    expect.objectContaining({ code: 'ENOENT' }),
  );
});

test('without options it is rename(2); names are byte-exact', () => {
  using directory = temporaryDirectory();
  const from = Buffer.concat([Buffer.from(`${directory.path}/`), Buffer.from([0xff, 0xfe])]);
  const to = join(directory.path, 'to');
  writeFileSync(from, 'bytes');
  writeFileSync(to, 'old');
  renameat2(from, to);
  expect(readFileSync(to, 'utf8')).toBe('bytes');
});

test('the error is a SystemError', () => {
  try {
    renameat2('/nowhere/a', '/nowhere/b');
    expect.unreachable();
  } catch (error) {
    expect(isSystemError(error, 'ENOENT')).toBe(true);
  }
});
