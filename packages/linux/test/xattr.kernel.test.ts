import { chmodSync, constants, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { open } from '@osx/fds';
import { getxattr, listxattr, removexattr, setxattr } from '@osx/linux/xattr';
import {
  assertHeadersAgree,
  asUnprivilegedUser,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  runTool,
  temporaryDirectory,
} from '@osx/test-support';
import { afterAll, beforeAll, expect } from 'vitest';

import { XATTR_FLAGS } from '../src/internal/xattr-constants.ts';

const { test } = needs('linux');

const probe = new URL('fixtures/xattr-probe.ts', import.meta.url);

let before: ReturnType<typeof openFds>;
beforeAll(() => {
  getxattr('.', 'user.none');
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

function fileIn(directory: string, name = 'file'): string {
  const path = join(directory, name);
  writeFileSync(path, '');
  return path;
}

test('by path and by descriptor it is the same attribute; another program sees it', () => {
  using directory = temporaryDirectory();
  const path = fileIn(directory.path);
  setxattr(path, 'user.one', 'eins');
  using fd = open(path, 'r');
  expect(getxattr(fd, 'user.one')?.toString()).toBe('eins');
  setxattr(fd.number, 'user.two', Buffer.from([0, 255, 0]));
  expect(getxattr(path, 'user.two')).toEqual(Buffer.from([0, 255, 0]));
  expect(
    listxattr(path)
      .filter((name) => name.startsWith('user.'))
      .toSorted(),
  ).toEqual(['user.one', 'user.two']);
  const python = ['-c', 'import os, sys; print(os.getxattr(sys.argv[1], "user.one").decode())', path];
  expect(runTool('python3', python)).toBe('eins\n');
  removexattr(fd, 'user.one');
  expect(getxattr(path, 'user.one')).toBe(null);
});

test('an absent attribute is null to read and ENODATA to remove', () => {
  using directory = temporaryDirectory();
  const path = fileIn(directory.path);
  expect(getxattr(path, 'user.none')).toBe(null);
  expect(() => removexattr(path, 'user.none')).toThrow(
    expect.objectContaining({ code: 'ENODATA', syscall: 'removexattr', path }),
  );
  expect(listxattr(path).filter((name) => name.startsWith('user.'))).toEqual([]);
});

test('an empty value is there', () => {
  using directory = temporaryDirectory();
  const path = fileIn(directory.path);
  setxattr(path, 'user.empty', '');
  expect(getxattr(path, 'user.empty')).toEqual(Buffer.alloc(0));
});

test('create refuses what is there, replace what is not', () => {
  using directory = temporaryDirectory();
  const path = fileIn(directory.path);
  expect(() => setxattr(path, 'user.a', '1', { only: 'replace' })).toThrow(
    expect.objectContaining({ code: 'ENODATA' }),
  );
  setxattr(path, 'user.a', '1', { only: 'create' });
  expect(() => setxattr(path, 'user.a', '2', { only: 'create' })).toThrow(expect.objectContaining({ code: 'EEXIST' }));
  setxattr(path, 'user.a', '3', { only: 'replace' });
  expect(getxattr(path, 'user.a')?.toString()).toBe('3');
});

needs('root').test('a symlink stands for its target, or for itself on demand', () => {
  using directory = temporaryDirectory();
  const path = fileIn(directory.path);
  const link = join(directory.path, 'link');
  symlinkSync('file', link);
  setxattr(link, 'user.through', '1');
  setxattr(link, 'trusted.itself', '2', { followSymlinks: false });
  expect(getxattr(path, 'user.through')?.toString()).toBe('1');
  expect(getxattr(path, 'trusted.itself')).toBe(null);
  expect(getxattr(link, 'trusted.itself', { followSymlinks: false })?.toString()).toBe('2');
  expect(() => setxattr(link, 'user.no', '', { followSymlinks: false })).toThrow(
    expect.objectContaining({ code: 'EPERM', syscall: 'lsetxattr' }),
  );
});

needs('shm').test('values and lists longer than any first guess come whole', () => {
  using directory = temporaryDirectory('osx-xattr', { on: 'tmpfs' });
  const path = fileIn(directory.path);
  const long = Buffer.alloc(30_000, 'x');
  try {
    setxattr(path, 'trusted.long', long);
    expect(getxattr(path, 'trusted.long')).toEqual(long);
  } catch (error) {
    // Without CAP_SYS_ADMIN; user.* on tmpfs needs Linux 6.6.
    expect(error).toMatchObject({ code: expect.stringMatching(/EPERM|ENOTSUP/) });
    return;
  }
  const names = Array.from({ length: 40 }, (_, index) => `trusted.${'n'.repeat(100)}${index}`);
  for (const name of names) setxattr(path, name, '');
  expect(listxattr(path).length).toBe(names.length + 1);
});

test('an error names call and path', () => {
  expect(() => listxattr('/nowhere/file')).toThrow("ENOENT: no such file or directory, listxattr '/nowhere/file'");
  expect(() => getxattr('/proc/self/status', 'user.a')).toThrow(expect.objectContaining({ code: 'ENOTSUP' }));
});

test('names that are not UTF-8 are listed, read and removed as bytes', () => {
  using directory = temporaryDirectory();
  const path = fileIn(directory.path);
  const name = Buffer.from('user.\xff\xfe', 'latin1');
  setxattr(path, name, 'raw');
  setxattr(path, 'user.größe', '3');
  const ours = listxattr(path, { encoding: 'buffer' }).filter((bytes) => bytes.toString().startsWith('user.'));
  expect(ours).toHaveLength(2);
  expect(ours).toEqual(expect.arrayContaining([name, Buffer.from('user.größe')]));
  expect(listxattr(path)).toEqual(expect.arrayContaining(['user.\ufffd\ufffd', 'user.größe']));
  for (const bytes of ours) removexattr(path, bytes);
  expect(getxattr(path, name)).toBe(null);
});

test('the longest name is taken, a value of more than 65,536 bytes is E2BIG', () => {
  using directory = temporaryDirectory();
  const path = fileIn(directory.path);
  const longest = `user.${'n'.repeat(250)}`;
  setxattr(path, longest, 'x');
  expect(listxattr(path)).toContain(longest);
  expect(() => setxattr(path, 'user.large', Buffer.alloc(65_537))).toThrow(
    expect.objectContaining({ code: 'E2BIG', syscall: 'setxattr', path }),
  );
});

test('a descriptor that is closed, or was opened with O_PATH, is EBADF', () => {
  using directory = temporaryDirectory();
  const path = fileIn(directory.path);
  const closed = open(path, 'r');
  closed.close();
  expect(() => getxattr(closed, 'user.a')).toThrow(expect.objectContaining({ code: 'EBADF' }));
  using place = open(path, constants.O_RDONLY | 0o10000000);
  expect(() => listxattr(place)).toThrow(expect.objectContaining({ code: 'EBADF', syscall: 'flistxattr' }));
});

needs('unprivileged-user').test('another user is refused: user.* by the mode, trusted.* altogether', async () => {
  using directory = temporaryDirectory('osx-xattr', { mode: 0o755 });
  const path = fileIn(directory.path);
  setxattr(path, 'user.a', '1');
  chmodSync(path, 0o644);
  const { stdout } = await runFixture(probe, [path], asUnprivilegedUser);
  expect(stdout).toBe('1 null EACCES EPERM EACCES\n');
  chmodSync(path, 0o600);
  const closed = await runFixture(probe, [path], asUnprivilegedUser);
  expect(closed.stdout).toBe('EACCES null EACCES EPERM EACCES\n');
});

const claims = {
  headers: ['sys/xattr.h'],
  constants: { XATTR_CREATE: XATTR_FLAGS.create, XATTR_REPLACE: XATTR_FLAGS.replace },
};
needs('gcc').test('constants are those of the headers on x64', () => assertHeadersAgree(claims));
needs('arm64-gcc').test('constants are those of the headers on arm64', () =>
  assertHeadersAgree(claims, 'aarch64-linux-gnu-gcc'),
);
