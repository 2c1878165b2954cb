import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

import {
  isPathInDirectory,
  relativeSymlink,
  relativeSymlinkSync,
  touch,
  touchSync,
  unlinkIfExists,
  unlinkIfExistsSync,
} from '@osx/paths';
import {
  asUnprivilegedUser,
  assertHeadersAgree,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  runTool,
  temporaryDirectory,
} from '@osx/test-support';
import { describe, expect } from 'vitest';

import { timespec } from '../src/internal/timespec.ts';

const { test } = needs('linux');
const probe = new URL('fixtures/probe.ts', import.meta.url);
const hooks = new URL('fixtures/missing-package.ts', import.meta.url);

function scratch() {
  const directory = temporaryDirectory('osx-paths');
  return {
    at: (path: string) => `${directory.path}/${path}`,
    [Symbol.dispose]: () => directory[Symbol.dispose](),
  };
}

describe('touch', () => {
  test('makes a file with its mode, and says so', async () => {
    using place = scratch();
    const before = openFds();
    expect(await touch(place.at('new'), { mode: 0o640 })).toBe(true);
    expect(statSync(place.at('new')).mode & 0o777).toBe(0o640);
    writeFileSync(place.at('new'), 'content');
    expect(await touch(place.at('new'))).toBe(false);
    expect(readFileSync(place.at('new'), 'utf8')).toBe('content');
    expectNoNewFds(before);
  });

  test('now is the file system’s now, both times at once', () => {
    using place = scratch();
    touchSync(place.at('file'), { time: 0 });
    expect(statSync(place.at('file'))).toMatchObject({ atimeMs: 0, mtimeMs: 0 });
    writeFileSync(place.at('before'), '');
    touchSync(place.at('file'));
    const { atimeNs, mtimeNs } = statSync(place.at('file'), { bigint: true });
    expect(atimeNs).toBe(mtimeNs);
    expect(mtimeNs >= statSync(place.at('before'), { bigint: true }).mtimeNs).toBe(true);
  });

  test('times by Date, milliseconds and nanoseconds, before 1970 too, and omitted', () => {
    using place = scratch();
    const file = place.at('file');
    const times = (): bigint[] => {
      const { atimeNs, mtimeNs } = statSync(file, { bigint: true });
      return [atimeNs, mtimeNs];
    };
    touchSync(file, { time: 1_234_567_890_123_456_789n });
    expect(times()).toEqual([1_234_567_890_123_456_789n, 1_234_567_890_123_456_789n]);
    touchSync(file, { accessTime: new Date(1500), modificationTime: 'omit' });
    expect(times()).toEqual([1_500_000_000n, 1_234_567_890_123_456_789n]);
    touchSync(file, { accessTime: 'omit', modificationTime: -0.25 });
    expect(times()).toEqual([1_500_000_000n, -250_000n]);
    touchSync(file, { time: 'omit' });
    expect(times()).toEqual([1_500_000_000n, -250_000n]);
  });

  test('a directory; a missing parent; create: false; a trailing slash', async () => {
    using place = scratch();
    mkdirSync(place.at('directory'));
    expect(await touch(place.at('directory'), { time: 0 })).toBe(false);
    expect(statSync(place.at('directory')).mtimeMs).toBe(0);
    await expect(touch(place.at('none/file'))).rejects.toMatchObject({ code: 'ENOENT', path: place.at('none/file') });
    await expect(touch(place.at('file'), { create: false })).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(touch(place.at('file/'))).rejects.toMatchObject({ code: 'EISDIR' });
    expect(existsSync(place.at('file'))).toBe(false);
  });

  test('symbolic links are followed, a dangling one to its missing target, or are touched themselves', () => {
    using place = scratch();
    symlinkSync('target', place.at('link'));
    expect(touchSync(place.at('link'), { followSymlinks: false, time: 0 })).toBe(false);
    expect(lstatSync(place.at('link')).mtimeMs).toBe(0);
    expect(existsSync(place.at('target'))).toBe(false);
    expect(touchSync(place.at('link'), { time: 1000 })).toBe(true);
    expect(statSync(place.at('target')).mtimeMs).toBe(1000);
    expect(lstatSync(place.at('link')).mtimeMs).toBe(0);
    symlinkSync('none/target', place.at('lost'));
    expect(() => touchSync(place.at('lost'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(touchSync(place.at('lost'), { followSymlinks: false })).toBe(false);
    symlinkSync('loop', place.at('loop'));
    expect(() => touchSync(place.at('loop'))).toThrow(expect.objectContaining({ code: 'ELOOP' }));
  });

  test('a FIFO is not opened', () => {
    using place = scratch();
    runTool('mkfifo', [place.at('fifo')]);
    expect(touchSync(place.at('fifo'), { time: 0 })).toBe(false);
    expect(statSync(place.at('fifo')).mtimeMs).toBe(0);
  });

  test('bytes that are no UTF-8', () => {
    using place = scratch();
    const path = Buffer.concat([Buffer.from(place.at('x')), Buffer.from([0xff])]);
    expect(touchSync(path)).toBe(true);
    expect(readdirSync(dirname(place.at('x')), { encoding: 'buffer' })).toEqual([Buffer.from([0x78, 0xff])]);
  });

  needs('unprivileged-user').test('a file of another user that we may write: now, and nothing but now', async () => {
    using directory = temporaryDirectory('osx-paths', { mode: 0o755 });
    const path = join(directory.path, 'shared');
    writeFileSync(path, '');
    chmodSync(path, 0o666);
    touchSync(path, { time: 0 });
    const { stdout } = await runFixture(probe, ['touch-other', path], asUnprivilegedUser);
    expect(JSON.parse(stdout)).toEqual({ naive: 'EPERM', ours: false, fresh: true, past: 'EPERM', half: 'EPERM' });
  });

  test('without native calls Node does it', async () => {
    using place = scratch();
    const options = { nodeArgs: ['--import', hooks.href], env: { OSX_TEST_MISSING: 'koffi' } };
    writeFileSync(place.at('file'), '');
    touchSync(place.at('file'), { time: 0 });
    const { stdout } = await runFixture(probe, ['touch-other', place.at('file')], options);
    expect(JSON.parse(stdout)).toMatchObject({ ours: false, fresh: true, past: false, half: false });
    expect(statSync(place.at('file')).atimeMs).toBe(0);
    expect(statSync(place.at('file')).mtimeMs).toBeGreaterThan(0);
  });

  const claims = { headers: ['time.h'], structs: { 'struct timespec': timespec.layout('linux-x64') } };
  needs('gcc').test('the layout is that of the headers on x64', () => assertHeadersAgree(claims));
  needs('arm64-gcc').test('the layout is that of the headers on arm64', () =>
    assertHeadersAgree(
      { ...claims, structs: { 'struct timespec': timespec.layout('linux-arm64') } },
      'aarch64-linux-gnu-gcc',
    ),
  );
});

describe.each([
  ['unlinkIfExists', unlinkIfExists],
  ['unlinkIfExistsSync', async (path: string) => unlinkIfExistsSync(path)],
])('%s', (_name, unlink) => {
  test('removes what is there, and only that', async () => {
    using place = scratch();
    writeFileSync(place.at('file'), '');
    symlinkSync('file', place.at('link'));
    symlinkSync('nowhere', place.at('dangling'));
    expect(await unlink(place.at('link'))).toBe(true);
    expect(await unlink(place.at('dangling'))).toBe(true);
    expect(readdirSync(place.at('.'))).toEqual(['file']);
    expect(await unlink(place.at('file'))).toBe(true);
    expect(await unlink(place.at('file'))).toBe(false);
    expect(await unlink(place.at('none/file'))).toBe(false);
  });

  test('every other refusal is one', async () => {
    using place = scratch();
    mkdirSync(place.at('directory'));
    writeFileSync(place.at('file'), '');
    await expect(unlink(place.at('directory'))).rejects.toMatchObject({ name: 'SystemError', code: 'EISDIR' });
    await expect(unlink(place.at('file/x'))).rejects.toMatchObject({ code: 'ENOTDIR', path: place.at('file/x') });
  });
});

describe.each([
  ['relativeSymlink', relativeSymlink],
  ['relativeSymlinkSync', async (...args: Parameters<typeof relativeSymlink>) => relativeSymlinkSync(...args)],
])('%s', (_name, link) => {
  test('leads to the target from where the link is, and moves with it', async () => {
    using place = scratch();
    mkdirSync(place.at('tree/a/b'), { recursive: true });
    writeFileSync(place.at('tree/file'), 'content');
    await link(place.at('tree/file'), place.at('tree/a/b/link'));
    expect(readlinkSync(place.at('tree/a/b/link'))).toBe('../../file');
    renameSync(place.at('tree'), place.at('moved'));
    expect(readFileSync(place.at('moved/a/b/link'), 'utf8')).toBe('content');
    await link(place.at('moved/a'), place.at('moved/a/self'));
    expect(readlinkSync(place.at('moved/a/self'))).toBe('.');
    await link(place.at('moved'), place.at('moved/a/up'));
    expect(readlinkSync(place.at('moved/a/up'))).toBe('..');
  });

  test('through a symbolic link to the directory, where relative() of the written paths goes wrong', async () => {
    using place = scratch();
    mkdirSync(place.at('real/deep'), { recursive: true });
    writeFileSync(place.at('file'), 'content');
    symlinkSync('real/deep', place.at('short'));
    await link(place.at('file'), place.at('short/link'));
    expect(readFileSync(place.at('short/link'), 'utf8')).toBe('content');
    expect(readlinkSync(place.at('real/deep/link'))).toBe('../../file');
    symlinkSync(relative(place.at('short'), place.at('file')), place.at('short/naive'));
    expect(existsSync(place.at('short/naive'))).toBe(false);
    await link(place.at('short/../file-beside'), place.at('up'));
    expect(readlinkSync(place.at('up'))).toBe('real/file-beside');
  });

  test('links in the target’s path are kept, but for those above the link itself', async () => {
    using place = scratch();
    mkdirSync(place.at('app/releases/7'), { recursive: true });
    mkdirSync(place.at('app/releases/9'));
    symlinkSync('releases/7', place.at('app/current'));
    symlinkSync('app', place.at('short'));
    await link(place.at('app/current/bin'), place.at('app/releases/9/bin'));
    expect(readlinkSync(place.at('app/releases/9/bin'))).toBe('../../current/bin');
    await link(place.at('short/current/bin'), place.at('app/releases/9/bin2'));
    expect(readlinkSync(place.at('app/releases/9/bin2'))).toBe('../../current/bin');
    await link(place.at('app/current'), place.at('latest'));
    expect(readlinkSync(place.at('latest'))).toBe('app/current');
  });

  test('what is there: refused, or replaced in one step; missing directories made by option', async () => {
    using place = scratch();
    writeFileSync(place.at('file'), '');
    await link(place.at('one'), place.at('link'));
    await expect(link(place.at('two'), place.at('link'))).rejects.toMatchObject({
      code: 'EEXIST',
      dest: place.at('link'),
    });
    await link(place.at('two'), place.at('link'), { replace: true });
    expect(readlinkSync(place.at('link'))).toBe('two');
    mkdirSync(place.at('directory'));
    await expect(link(place.at('two'), place.at('directory'), { replace: true })).rejects.toMatchObject({
      code: 'EISDIR',
    });
    await expect(link(place.at('two'), place.at('x/y/link'))).rejects.toMatchObject({ code: 'ENOENT' });
    await link(place.at('two'), place.at('x/y/link'), { makeDirectories: true });
    expect(readlinkSync(place.at('x/y/link'))).toBe('../../two');
    expect(readdirSync(place.at('.')).toSorted()).toEqual(['directory', 'file', 'link', 'x']);
  });

  test('bytes that are no UTF-8', async () => {
    using place = scratch();
    const bytes = (name: string): Buffer =>
      Buffer.concat([Buffer.from(place.at('x').slice(0, -1)), Buffer.from(name, 'latin1')]);
    await link(bytes('\xff/\xfe'), bytes('\xe9'));
    expect(readlinkSync(bytes('\xe9'), { encoding: 'buffer' })).toEqual(Buffer.from('\xff/\xfe', 'latin1'));
  });
});

describe('isPathInDirectory', () => {
  test('follows links, of the directory too, and takes what is missing as it is written', () => {
    using place = scratch();
    mkdirSync(place.at('root/sub'), { recursive: true });
    mkdirSync(place.at('root-old'));
    symlinkSync('..', place.at('root/up'));
    symlinkSync('sub', place.at('root/in'));
    symlinkSync('../missing', place.at('root/dangling-out'));
    symlinkSync('sub/missing', place.at('root/dangling-in'));
    symlinkSync('loop', place.at('root/loop'));
    symlinkSync('root', place.at('link-to-root'));
    const inRoot = (path: string, root = 'root'): boolean => isPathInDirectory(place.at(path), place.at(root));
    for (const path of [
      'root/sub',
      'root/new/er',
      'root/in',
      'root/in/x',
      'root/dangling-in',
      'link-to-root/sub',
      'root/up/root/sub',
    ]) {
      expect([path, inRoot(path), inRoot(path, 'link-to-root')]).toEqual([path, true, true]);
    }
    for (const path of [
      'root',
      'root/.',
      'root-old',
      'root/up',
      'root/up/x',
      'root/dangling-out',
      'root/in/../../x',
      'root/new/../..',
    ]) {
      expect([path, inRoot(path)]).toEqual([path, false]);
    }
    expect(isPathInDirectory(place.at('root/up/root'), place.at('root'), { includeSelf: true })).toBe(true);
    expect(isPathInDirectory(place.at('root/up/x'), place.at('root'), { followSymlinks: false })).toBe(true);
    expect(isPathInDirectory(place.at('root'), '/')).toBe(true);
    expect(() => inRoot('root/loop/x')).toThrow(expect.objectContaining({ code: 'ELOOP' }));
  });

  test('in a current directory whose name is no UTF-8', async () => {
    using place = scratch();
    const directory = Buffer.concat([Buffer.from(place.at('x').slice(0, -1)), Buffer.from([0xff])]);
    mkdirSync(directory);
    const { stdout } = await runFixture(probe, ['cwd-bytes', directory.toString('latin1')]);
    const mangled = directory.toString('latin1').replaceAll('/', '+').replace('\xff', '%FF');
    expect(JSON.parse(stdout)).toBe(`/s/${mangled}+f`);
  });
});
