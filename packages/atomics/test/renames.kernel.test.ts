import { lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { exchangePaths, exchangePathsSync, renameNoReplace, renameNoReplaceSync } from '@osx/atomics';
import { isSystemError } from '@osx/errors';
import { expectNoNewFds, needs, openFds, straceInject, temporaryDirectory } from '@osx/test-support';
import { describe, expect } from 'vitest';

const { test } = needs('linux');
const fixture = new URL('./fixtures/one-rename.ts', import.meta.url);

describe.each([
  ['renameNoReplace', renameNoReplace],
  ['renameNoReplaceSync', async (...args: Parameters<typeof renameNoReplace>) => renameNoReplaceSync(...args)],
])('%s', (_name, rename) => {
  test('takes a free name, of files, directories and symlinks', async () => {
    using directory = temporaryDirectory();
    const at = (name: string): string => join(directory.path, name);
    const before = openFds();
    writeFileSync(at('file'), 'f');
    mkdirSync(at('dir/inner'), { recursive: true });
    symlinkSync('nowhere', at('link'));
    await rename(at('file'), at('file2'));
    await rename(at('dir/'), at('dir2/'));
    await rename(at('link'), at('link2'), { durability: 'none' });
    expect(readdirSync(directory.path).toSorted()).toEqual(['dir2', 'file2', 'link2']);
    expect(readlinkSync(at('link2'))).toBe('nowhere');
    expectNoNewFds(before);
  });

  test('a taken name is EEXIST, also by a dangling symlink, and nothing changes', async () => {
    using directory = temporaryDirectory();
    const [from, to, link] = ['from', 'to', 'link'].map((name) => join(directory.path, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(from, 'from');
    writeFileSync(to, 'to');
    symlinkSync('nowhere', link);
    const error: unknown = await rename(from, to).catch((reason: unknown) => reason);
    expect(isSystemError(error, 'EEXIST')).toBe(true);
    expect(error).toMatchObject({ path: from, dest: to });
    await expect(rename(from, link)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(from, 'utf8') + readFileSync(to, 'utf8')).toBe('fromto');
  });

  test('missing, into itself, across file systems', async () => {
    using directory = temporaryDirectory();
    const at = (name: string): string => join(directory.path, name);
    await expect(rename(at('no'), at('new'))).rejects.toMatchObject({ code: 'ENOENT' });
    mkdirSync(at('dir'));
    await expect(rename(at('dir'), at('dir/sub'))).rejects.toMatchObject({ code: 'EINVAL' });
    writeFileSync(at('file'), '');
    await expect(rename(at('file'), '/proc/osx-no-such')).rejects.toMatchObject({
      code: expect.stringMatching(/^(EXDEV|ENOENT)$/) as string,
    });
  });
});

describe.each([
  ['exchangePaths', exchangePaths],
  ['exchangePathsSync', async (...args: Parameters<typeof exchangePaths>) => exchangePathsSync(...args)],
])('%s', (_name, exchange) => {
  test('a file and a full directory change places; symlinks themselves', async () => {
    using directory = temporaryDirectory();
    const at = (name: string): string => join(directory.path, name);
    writeFileSync(at('a'), 'file');
    mkdirSync(at('b/inner'), { recursive: true });
    symlinkSync('a', at('link'));
    await exchange(at('a'), at('b'));
    expect(readdirSync(at('a'))).toEqual(['inner']);
    expect(readFileSync(at('b'), 'utf8')).toBe('file');
    await exchange(at('link'), at('b'));
    expect(lstatSync(at('b')).isSymbolicLink()).toBe(true);
  });

  test('either missing is ENOENT, and nothing changes', async () => {
    using directory = temporaryDirectory();
    const at = (name: string): string => join(directory.path, name);
    writeFileSync(at('a'), 'a');
    await expect(exchange(at('a'), at('b'))).rejects.toMatchObject({ code: 'ENOENT', path: at('a'), dest: at('b') });
    await expect(exchange(at('b'), at('a'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(readdirSync(directory.path)).toEqual(['a']);
  });

  test('a directory and one within it is EINVAL', async () => {
    using directory = temporaryDirectory();
    mkdirSync(join(directory.path, 'a', 'b'), { recursive: true });
    await expect(exchange(join(directory.path, 'a'), join(directory.path, 'a', 'b'))).rejects.toMatchObject({
      code: 'EINVAL',
    });
  });
});

needs('strace').describe('where the file system has no RENAME_NOREPLACE', () => {
  const noFlag = 'renameat2:error=EINVAL';

  test('a file is linked and unlinked, still never replacing; a later call asks the kernel again', async () => {
    using directory = temporaryDirectory();
    const args = [join(directory.path, 'from'), join(directory.path, 'to')];
    const result = await straceInject(fixture, args, `${noFlag}:when=1`, {
      whenReady: true,
      trace: 'link,linkat,unlink',
    });
    // Four renames: onto a free name, onto a taken one, and the same again.
    expect(result.stdout).toBe('done\nEEXIST\ndone\nEEXIST\n');
    expect(result.trace.match(/^\d+ +link(at)?\(/gm)).toHaveLength(1);
    expect(result.trace.match(/^\d+ +renameat2\(/gm)).toHaveLength(4);
    const always = await straceInject(fixture, args, noFlag, { whenReady: true, trace: 'link,unlink' });
    expect(always.stdout).toBe('done\nEEXIST\ndone\nEEXIST\n');
  });

  test('a directory says EINVAL', async () => {
    using directory = temporaryDirectory();
    const args = [join(directory.path, 'from'), join(directory.path, 'to'), 'directory'];
    const result = await straceInject(fixture, args, noFlag, { whenReady: true });
    expect(result.stdout.split('\n')[0]).toBe('EINVAL');
  });

  test('a first name that cannot be removed: the new one is taken back', async () => {
    using directory = temporaryDirectory();
    const args = [join(directory.path, 'from'), join(directory.path, 'to'), 'one-unlink-fails'];
    const result = await straceInject(fixture, args, noFlag, {
      whenReady: true,
      prefix: [],
      env: { OSX_TEST_FAIL_UNLINK: args[0] },
    });
    expect(result.stdout.split('\n')[0]).toBe('EPERM');
    expect(readdirSync(directory.path)).toEqual(['from']);
  });
});
