import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { beginAtomicSwap } from '@osx/atomics';
import { expectNoNewFds, needs, openFds, spawnFixture, temporaryDirectory } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

import { inChild } from './in-child.ts';

function fill(directory: string | Buffer, name: string, content: string): void {
  mkdirSync(join(directory.toString(), 'sub'), { recursive: true });
  writeFileSync(join(directory.toString(), 'sub', name), content);
}

describe('file', () => {
  test('the temporary is filled by other means and takes the place', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    writeFileSync(path, 'old', { mode: 0o640 });
    const before = openFds();
    const swap = await beginAtomicSwap('file', path);
    expect(swap).toMatchObject({ kind: 'file', path, state: 'open' });
    expect(statSync(swap.tempPath).mode & 0o7777).toBe(0o600);
    writeFileSync(swap.tempPath, 'new');
    expect(readFileSync(path, 'utf8')).toBe('old');
    await swap.commit();
    expect(swap.state).toBe('committed');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    expect(readdirSync(directory.path)).toEqual(['file']);
    expectNoNewFds(before);
  });

  test('the temporary may itself be replaced by a rename; by anything but a file it may not', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    const swap = await beginAtomicSwap('file', path);
    writeFileSync(join(directory.path, 'editor'), 'by rename');
    renameSync(join(directory.path, 'editor'), swap.tempPath);
    await swap.commit();
    expect(readFileSync(path, 'utf8')).toBe('by rename');
    const other = await beginAtomicSwap('file', path);
    rmSync(other.tempPath);
    symlinkSync('/etc/passwd', other.tempPath);
    await expect(other.commit()).rejects.toMatchObject({ code: 'ELOOP', path });
    expect(readdirSync(directory.path)).toEqual(['file']);
  });

  test('aborted, or left by await using: nothing happened', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    {
      await using swap = await beginAtomicSwap('file', path);
      writeFileSync(swap.tempPath, 'x');
    }
    const swap = await beginAtomicSwap('file', path);
    await swap.abort();
    await swap.abort();
    expect(swap.state).toBe('aborted');
    await expect(swap.commit()).rejects.toMatchObject({ code: 'ERR_OSX_NOT_OPEN' });
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test('abort after commit does nothing; a second commit is refused', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    const swap = await beginAtomicSwap('file', path);
    await Promise.all([swap.commit(), swap.abort()]);
    expect(swap.state).toBe('committed');
    await expect(swap.commit()).rejects.toMatchObject({ code: 'ERR_OSX_NOT_OPEN', path });
    expect(readdirSync(directory.path)).toEqual(['file']);
  });

  test('an abort signal before the commit', async () => {
    using directory = temporaryDirectory();
    const controller = new AbortController();
    const swap = await beginAtomicSwap('file', join(directory.path, 'file'), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(swap.commit()).rejects.toThrow('enough');
    expect(swap.state).toBe('aborted');
    expect(readdirSync(directory.path)).toEqual([]);
  });
});

describe('dir', () => {
  test.each(['none', 'full'] as const)(
    'a new directory, and one that replaces a full one, durability %s',
    async (durability) => {
      using directory = temporaryDirectory();
      const path = join(directory.path, 'site');
      const before = openFds();
      const first = await beginAtomicSwap('dir', `${path}/`, { durability, mode: 0o751 });
      fill(first.tempPath, 'a', 'one');
      await first.commit();
      expect(statSync(path).mode & 0o7777).toBe(0o751);
      const second = await beginAtomicSwap('dir', path, { durability });
      fill(second.tempPath, 'b', 'two');
      expect(readdirSync(join(path, 'sub'))).toEqual(['a']);
      await second.commit();
      expect(readdirSync(join(path, 'sub'))).toEqual(['b']);
      expect(statSync(path).mode & 0o7777).toBe(0o751);
      expect(readdirSync(directory.path)).toEqual(['site']);
      expectNoNewFds(before);
    },
  );

  test('the target may vanish or appear meanwhile', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'site');
    mkdirSync(path);
    const vanishing = await beginAtomicSwap('dir', path);
    rmSync(path, { recursive: true });
    await vanishing.commit();
    rmSync(path, { recursive: true });
    const appearing = await beginAtomicSwap('dir', path);
    fill(appearing.tempPath, 'new', '');
    fill(path, 'other', '');
    await appearing.commit();
    expect(readdirSync(join(path, 'sub'))).toEqual(['new']);
    expect(readdirSync(directory.path)).toEqual(['site']);
  });

  test('the old tree goes without a symlink being followed, whatever its modes', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'site');
    const outside = join(directory.path, 'outside');
    fill(outside, 'precious', 'kept');
    fill(path, 'a', '');
    symlinkSync(outside, join(path, 'link'));
    symlinkSync('../../outside/sub/precious', join(path, 'sub', 'link'));
    mkdirSync(join(path, 'closed', 'inner'), { recursive: true });
    chmodSync(join(path, 'closed'), 0);
    const swap = await beginAtomicSwap('dir', path);
    await swap.commit();
    expect(readdirSync(directory.path).toSorted()).toEqual(['outside', 'site']);
    expect(readFileSync(join(outside, 'sub', 'precious'), 'utf8')).toBe('kept');
  });

  needs('unprivileged-user').test('also where the owner himself may not enter', async () => {
    using directory = temporaryDirectory('osx-test', { mode: 0o777 });
    const path = join(directory.path, 'site');
    const answers = await inChild({ calls: [['swapClosedTree', path]] }, { uid: 65534, gid: 65534 });
    expect(answers).toEqual([{}]);
    expect(readdirSync(directory.path)).toEqual(['site']);
    expect(readdirSync(path)).toEqual([]);
  });

  test('who has a file of the old tree open keeps reading it', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'site');
    fill(path, 'a', 'old content');
    const fd = openSync(join(path, 'sub', 'a'), 'r');
    const swap = await beginAtomicSwap('dir', path);
    await swap.commit();
    const bytes = Buffer.alloc(32);
    expect(bytes.toString('utf8', 0, readSync(fd, bytes))).toBe('old content');
    closeSync(fd);
  });

  test('who works in the old tree is not led into the new one, and finds the old one empty', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'site');
    fill(path, 'a', 'old');
    await using reader = await spawnFixture(new URL('./fixtures/list-here.ts', import.meta.url), [], { cwd: path });
    const swap = await beginAtomicSwap('dir', path);
    fill(swap.tempPath, 'b', 'new');
    await swap.commit();
    reader.send('go');
    expect(await reader.nextLine()).toBe('[]');
    expect((await reader.exited).code).toBe(0);
  });

  test('the wrong kind is refused, also when it comes late', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'thing');
    writeFileSync(path, 'a file');
    await expect(beginAtomicSwap('dir', path)).rejects.toMatchObject({ code: 'ENOTDIR', path });
    rmSync(path);
    const swap = await beginAtomicSwap('dir', path);
    writeFileSync(path, 'a file');
    await expect(swap.commit()).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(readdirSync(directory.path)).toEqual(['thing']);
    rmSync(path);
    mkdirSync(path);
    await expect(beginAtomicSwap('file', path)).rejects.toMatchObject({ code: 'EISDIR' });
    expect(readdirSync(directory.path)).toEqual(['thing']);
  });

  test('a symlink to a directory is followed, or refused where it shall be replaced', async () => {
    using directory = temporaryDirectory();
    fill(join(directory.path, 'real'), 'a', '');
    const link = join(directory.path, 'link');
    symlinkSync('real', link);
    const swap = await beginAtomicSwap('dir', link);
    fill(swap.tempPath, 'b', '');
    await swap.commit();
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(directory.path, 'real', 'sub'))).toEqual(['b']);
    await expect(beginAtomicSwap('dir', link, { followSymlinks: false })).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  test('beneath a root', async () => {
    using directory = temporaryDirectory();
    const before = openFds();
    await using swap = await beginAtomicSwap('dir', 'a/site', { rootDirectory: directory.path, makeDirectories: true });
    fill(swap.tempPath, 'x', '1');
    await swap.commit();
    expect(existsSync(join(directory.path, 'a', 'site', 'sub', 'x'))).toBe(true);
    await expect(beginAtomicSwap('dir', '../site', { rootDirectory: directory.path })).rejects.toMatchObject({
      code: 'EXDEV',
    });
    expectNoNewFds(before);
  });
});
