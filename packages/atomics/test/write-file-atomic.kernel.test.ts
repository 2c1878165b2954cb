import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { isSystemError } from '@osx/errors';
import { expectNoNewFds, mountTmpfs, needs, openFds, runTool, temporaryDirectory } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

import { twins } from './twins.ts';

describe.each(twins)('%s', (_name, write) => {
  test.each(['none', 'file', 'full'] as const)('a new file and an old one, durability %s', async (durability) => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    const before = openFds();
    await write(path, 'one', { durability });
    expect(readFileSync(path, 'utf8')).toBe('one');
    const { ino } = statSync(path);
    await write(path, 'two', { durability });
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(statSync(path).ino).not.toBe(ino);
    expect(readdirSync(directory.path)).toEqual(['file']);
    expectNoNewFds(before);
  });

  test('every kind of data, by its bytes', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    const backing = Uint8Array.from([9, 1, 0, 2, 0, 9]);
    const table = [
      ['', ''],
      ['grün', '6772c3bc6e'],
      [new Uint16Array(backing.buffer.slice(0), 0, 2), '09010002'],
      [new DataView(backing.buffer, 1, 2), '0100'],
      [backing.buffer, '090100020009'],
      [Buffer.from([255, 254]), 'fffe'],
    ] as const;
    for (const [data, hex] of table) {
      await write(path, data);
      expect(readFileSync(path, 'hex')).toBe(hex);
    }
    await write(path, 'ff00', { encoding: 'hex' });
    expect(readFileSync(path, 'hex')).toBe('ff00');
  });

  test('more than one chunk', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    const data = Buffer.alloc(20 * 1024 * 1024 + 7);
    for (let at = 0; at < data.length; at += 4096) data.writeUInt32LE(at, Math.min(at, data.length - 4));
    await write(path, data, { durability: 'none' });
    expect(readFileSync(path).equals(data)).toBe(true);
  });

  test('names that are not UTF-8, long names, relative paths and URLs', async () => {
    using directory = temporaryDirectory();
    const bytes = Buffer.concat([Buffer.from(`${directory.path}/`), Buffer.from([0xff, 0x80, 0x41])]);
    await write(bytes, 'bytes');
    expect(readFileSync(bytes, 'utf8')).toBe('bytes');
    for (const name of ['n'.repeat(255), 'ü'.repeat(127), '😀'.repeat(63)]) {
      await write(join(directory.path, name), name);
      expect(readFileSync(join(directory.path, name), 'utf8')).toBe(name);
    }
    await write(new URL(`file://${directory.path}/by%20url`), 'url');
    expect(readFileSync(join(directory.path, 'by url'), 'utf8')).toBe('url');
    const tooLong = join(directory.path, 'n'.repeat(256));
    await expect(write(tooLong, '')).rejects.toMatchObject({ code: 'ENAMETOOLONG', path: tooLong });
    expect(readdirSync(directory.path, 'buffer')).toHaveLength(5);
  });

  test('an error is a SystemError that names the path that was asked for, and what failed behind it', async () => {
    const path = '/nowhere/at/all';
    const error: unknown = await write(path, 'x').catch((reason: unknown) => reason);
    expect(isSystemError(error, 'ENOENT')).toBe(true);
    expect(error).toMatchObject({
      message: `ENOENT: no such file or directory, open '${path}'`,
      path,
      cause: { path: expect.stringContaining('.osx-tmp') as string },
    });
  });

  test('a directory and a FIFO are refused and stay', async () => {
    using directory = temporaryDirectory();
    const fifo = join(directory.path, 'fifo');
    runTool('mkfifo', [fifo]);
    await expect(write(directory.path, 'x')).rejects.toMatchObject({ code: 'EISDIR', path: directory.path });
    await expect(write(fifo, 'x')).rejects.toMatchObject({
      code: 'EINVAL',
      message: expect.stringContaining('FIFO') as string,
    });
    expect(lstatSync(fifo).isFIFO()).toBe(true);
    expect(readdirSync(directory.path)).toEqual(['fifo']);
  });

  test('a parent that is missing, a file, or made on demand', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'a', 'b', 'c');
    await expect(write(path, 'x')).rejects.toMatchObject({ code: 'ENOENT' });
    await write(path, 'deep', { makeDirectories: true });
    expect(readFileSync(path, 'utf8')).toBe('deep');
    await write(path, 'again', { makeDirectories: true });
    await expect(write(join(path, 'd'), 'x', { makeDirectories: true })).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  test('hard links and open descriptors keep the old content', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    writeFileSync(path, 'old');
    linkSync(path, join(directory.path, 'other'));
    await write(path, 'new');
    expect(readFileSync(join(directory.path, 'other'), 'utf8')).toBe('old');
  });

  describe('symlinks', () => {
    test('followed by default, through chains and into other directories', async () => {
      using directory = temporaryDirectory();
      mkdirSync(join(directory.path, 'real'));
      const real = join(directory.path, 'real', 'file');
      writeFileSync(real, 'old', { mode: 0o640 });
      symlinkSync('real/second', join(directory.path, 'link'));
      symlinkSync('file', join(directory.path, 'real', 'second'));
      await write(join(directory.path, 'link'), 'new');
      expect(readFileSync(real, 'utf8')).toBe('new');
      expect(readlinkSync(join(directory.path, 'link'))).toBe('real/second');
      expect(statSync(real).mode & 0o777).toBe(0o640);
      expect(readdirSync(directory.path).toSorted()).toEqual(['link', 'real']);
      expect(readdirSync(join(directory.path, 'real')).toSorted()).toEqual(['file', 'second']);
    });

    test('.. in a link is resolved from where the link really is', async () => {
      using directory = temporaryDirectory();
      mkdirSync(join(directory.path, 'deep', 'inner'), { recursive: true });
      symlinkSync('deep/inner', join(directory.path, 'short'));
      symlinkSync('../target', join(directory.path, 'deep', 'inner', 'link'));
      await write(join(directory.path, 'short', 'link'), 'x');
      expect(readFileSync(join(directory.path, 'deep', 'target'), 'utf8')).toBe('x');
    });

    test('dangling: makes the file that is pointed to', async () => {
      using directory = temporaryDirectory();
      symlinkSync('later', join(directory.path, 'link'));
      await write(join(directory.path, 'link'), 'x');
      expect(readFileSync(join(directory.path, 'later'), 'utf8')).toBe('x');
      expect(lstatSync(join(directory.path, 'link')).isSymbolicLink()).toBe(true);
    });

    test('a loop is ELOOP; a link to a directory EISDIR', async () => {
      using directory = temporaryDirectory();
      const loop = join(directory.path, 'loop');
      symlinkSync('loop', loop);
      symlinkSync('.', join(directory.path, 'here'));
      await expect(write(loop, 'x')).rejects.toMatchObject({ code: 'ELOOP', path: loop });
      await expect(write(join(directory.path, 'here'), 'x')).rejects.toMatchObject({ code: 'EISDIR' });
      expect(readdirSync(directory.path).toSorted()).toEqual(['here', 'loop']);
    });

    test('replaced by option, with the mode of a new file', async () => {
      using directory = temporaryDirectory();
      const [real, link] = [join(directory.path, 'real'), join(directory.path, 'link')];
      writeFileSync(real, 'old');
      chmodSync(real, 0o755);
      symlinkSync('real', link);
      await write(link, 'new', { followSymlinks: false });
      expect(lstatSync(link).isFile()).toBe(true);
      expect(statSync(link).mode & 0o111).toBe(0);
      expect(readFileSync(real, 'utf8')).toBe('old');
    });
  });

  describe('exclusive', () => {
    test('makes a file once', async () => {
      using directory = temporaryDirectory();
      const path = join(directory.path, 'file');
      await write(path, 'first', { exclusive: true });
      await expect(write(path, 'second', { exclusive: true })).rejects.toMatchObject({ code: 'EEXIST', path });
      expect(readFileSync(path, 'utf8')).toBe('first');
      expect(readdirSync(directory.path)).toEqual(['file']);
    });

    test('a dangling symlink and a directory are something', async () => {
      using directory = temporaryDirectory();
      symlinkSync('nowhere', join(directory.path, 'link'));
      await expect(write(join(directory.path, 'link'), 'x', { exclusive: true })).rejects.toMatchObject({
        code: 'EEXIST',
      });
      await expect(write(directory.path, 'x', { exclusive: true })).rejects.toMatchObject({ code: 'EEXIST' });
      expect(readdirSync(directory.path)).toEqual(['link']);
    });
  });

  needs('mount').test('a read-only file system is EROFS', async () => {
    using mount = mountTmpfs({ sizeBytes: 1 << 20, readOnly: true });
    await expect(write(join(mount.path, 'file'), 'x')).rejects.toMatchObject({ code: 'EROFS' });
  });

  needs('mount').test('a file that is a mount point is EBUSY, and what it shows stays', async () => {
    using directory = temporaryDirectory();
    const [source, path] = [join(directory.path, 'source'), join(directory.path, 'mounted')];
    writeFileSync(source, 'shown');
    writeFileSync(path, 'hidden');
    runTool('mount', ['--bind', source, path]);
    try {
      await expect(write(path, 'x')).rejects.toMatchObject({ code: 'EBUSY' });
      expect(readFileSync(path, 'utf8')).toBe('shown');
      expect(readdirSync(directory.path).toSorted()).toEqual(['mounted', 'source']);
    } finally {
      runTool('umount', [path]);
    }
  });
});
