import {
  existsSync,
  fstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import { expectNoNewFds, needs, openFds, straceInject, temporaryDirectory } from '@osx/test-support';
import { openTemporaryFile, openTemporaryFileSync, sweepTemporaryFiles } from '@osx/tempfiles';
import { describe, expect } from 'vitest';

import { inChild } from './in-child.ts';

const { test } = needs('linux');

/** What both ways of opening have in common. */
interface Opened {
  readonly fd: number;
  readonly path: string | null;
  linkTo(path: string, options?: object): unknown;
  keep(): string;
  close(): unknown;
}

const ways: [string, (options?: object) => Opened | Promise<Opened>][] = [
  ['openTemporaryFile', (options) => openTemporaryFile(options)],
  ['openTemporaryFileSync', (options) => openTemporaryFileSync(options)],
];

describe.each(ways)('%s', (_, open) => {
  test('makes a file without a name, for its owner alone', async () => {
    using directory = temporaryDirectory();
    const before = openFds();
    const file = await open({ directory: directory.path });
    writeSync(file.fd, 'x');
    expect(file.path).toBeNull();
    expect(fstatSync(file.fd)).toMatchObject({ nlink: 0, size: 1, mode: 0o100600 });
    expect(readdirSync(directory.path)).toEqual([]);
    await file.close();
    await file.close();
    expect(() => file.fd).toThrow('EBADF');
    expectNoNewFds(before);
  });

  test('gives it a name, once, and never over another', async () => {
    using directory = temporaryDirectory();
    const target = join(directory.path, 'target');
    writeFileSync(target, 'old');
    const file = await open({ beside: target, mode: 0o640 });
    writeSync(file.fd, 'new');
    const refused = async (path: string, options?: object): Promise<unknown> => file.linkTo(path, options);
    await expect(refused(target)).rejects.toMatchObject({ code: 'EEXIST', path: target });
    expect(readFileSync(target, 'utf8')).toBe('old');
    await file.linkTo(target, { replace: true });
    expect(file.path).toBe(target);
    await expect(refused(`${target}2`)).rejects.toMatchObject({ code: 'EALREADY' });
    await file.close();
    expect(readFileSync(target, 'utf8')).toBe('new');
    expect(statSync(target).mode & 0o7777).toBe(0o640);
    expect(readdirSync(directory.path)).toEqual(['target']);
    await expect(refused(`${target}3`)).rejects.toMatchObject({ code: 'EBADF' });
  });

  test.each(['none', 'file', 'full'])('a name that is free, with durability %s', async (durability) => {
    using directory = temporaryDirectory();
    const target = join(directory.path, 'target');
    const file = await open({ beside: target });
    await file.linkTo(target, { durability });
    await file.close();
    expect(readdirSync(directory.path)).toEqual(['target']);
  });

  test('a symlink at the name is replaced, and not followed', async () => {
    using directory = temporaryDirectory();
    const target = join(directory.path, 'target');
    writeFileSync(join(directory.path, 'victim'), 'unharmed');
    symlinkSync('victim', target);
    const file = await open({ beside: target });
    await file.linkTo(target, { replace: true });
    await file.close();
    expect(readFileSync(join(directory.path, 'victim'), 'utf8')).toBe('unharmed');
    expect(readdirSync(directory.path).toSorted()).toEqual(['target', 'victim']);
  });

  test('a directory at the name stays', async () => {
    using directory = temporaryDirectory();
    const target = join(directory.path, 'target');
    mkdirSync(target);
    const file = await open({ beside: target });
    const attempt = async (): Promise<unknown> => file.linkTo(target, { replace: true });
    await expect(attempt()).rejects.toMatchObject({ code: 'EISDIR' });
    await file.close();
    expect(readdirSync(directory.path)).toEqual(['target']);
  });

  test('named: prefix and suffix, removed by close', async () => {
    using directory = temporaryDirectory();
    const before = openFds();
    const file = await open({ directory: directory.path, named: true, prefix: 'a-', suffix: '.json' });
    expect(file.path).toMatch(/\/a-[0-9a-z]{16}\.osxtmp\.json$/);
    expect(statSync(file.path as string)).toMatchObject({ nlink: 1, mode: 0o100600 });
    await file.close();
    expect(readdirSync(directory.path)).toEqual([]);
    expectNoNewFds(before);
  });

  test.each([true, false])('named: linkTo with replace %s', async (replace) => {
    using directory = temporaryDirectory();
    const target = join(directory.path, 'target');
    if (replace) writeFileSync(target, 'old');
    const file = await open({ beside: target, named: true });
    expect(file.path).toContain('/.target.');
    writeSync(file.fd, 'new');
    await file.linkTo(target, { replace });
    expect(file.path).toBe(target);
    await file.close();
    expect(readFileSync(target, 'utf8')).toBe('new');
    expect(readdirSync(directory.path)).toEqual(['target']);
  });

  test('named: kept on purpose, and by no sweep taken', async () => {
    using directory = temporaryDirectory();
    const file = await open({ directory: directory.path, named: true });
    const path = file.keep();
    await file.close();
    expect((await sweepTemporaryFiles(directory.path)).kept).toEqual([{ path, reason: 'kept' }]);
    expect(existsSync(path)).toBe(true);
  });

  test('without a name there is nothing to keep', async () => {
    using directory = temporaryDirectory();
    const file = await open({ directory: directory.path });
    expect(() => file.keep()).toThrow('ENOENT');
    await file.close();
  });

  test('named: what the program renamed is its own, and what took its place is not ours', async () => {
    using directory = temporaryDirectory();
    const file = await open({ directory: directory.path, named: true });
    const path = file.path as string;
    renameSync(path, join(directory.path, 'mine'));
    writeFileSync(path, "somebody else's");
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe("somebody else's");
    expect(existsSync(join(directory.path, 'mine'))).toBe(true);
  });

  test('where the directory is missing, or none', async () => {
    using directory = temporaryDirectory();
    const attempt = async (options: object): Promise<unknown> => open(options);
    const missing = join(directory.path, 'missing');
    for (const named of [true, false]) {
      await expect(attempt({ directory: missing, named })).rejects.toMatchObject({ code: 'ENOENT', path: missing });
      writeFileSync(join(directory.path, 'file'), '');
      const path = join(directory.path, 'file');
      await expect(attempt({ directory: path, named })).rejects.toMatchObject({ code: 'ENOTDIR', path });
    }
  });

  needs('linux', 'shm').test('EXDEV on another file system, and the file is as it was', async () => {
    using directory = temporaryDirectory();
    using other = temporaryDirectory('other', { on: 'tmpfs' });
    for (const named of [true, false]) {
      for (const replace of [true, false]) {
        const file = await open({ directory: directory.path, named });
        const attempt = async (): Promise<unknown> => file.linkTo(join(other.path, 'x'), { replace });
        await expect(attempt()).rejects.toMatchObject({ code: 'EXDEV' });
        await file.close();
      }
    }
    expect([...readdirSync(directory.path), ...readdirSync(other.path)]).toEqual([]);
  });
});

test('the handle is an ordinary one, and the program may have closed it', async () => {
  using directory = temporaryDirectory();
  const before = openFds();
  const file = await openTemporaryFile({ directory: directory.path, named: true });
  await file.handle.writeFile('content');
  expect(readFileSync(file.path as string, 'utf8')).toBe('content');
  await file.handle.close();
  await file.close();
  expect(readdirSync(directory.path)).toEqual([]);
  expectNoNewFds(before);
});

test('await using closes', async () => {
  using directory = temporaryDirectory();
  {
    await using file = await openTemporaryFile({ directory: directory.path, named: true });
    using other = openTemporaryFileSync({ directory: directory.path, named: true });
    expect(readdirSync(directory.path)).toHaveLength(2);
    expect([file.isClosed, other.isClosed]).toEqual([false, false]);
  }
  expect(readdirSync(directory.path)).toEqual([]);
});

test('a directory whose name is no text: paths come back in bytes', async () => {
  using directory = temporaryDirectory();
  const bytes = Buffer.concat([Buffer.from(`${directory.path}/`), Buffer.from([0xff, 0xfe])]);
  mkdirSync(bytes);
  const file = await openTemporaryFile({ directory: bytes, named: true });
  expect(file.path?.subarray(0, bytes.length).equals(bytes)).toBe(true);
  const target = Buffer.concat([bytes, Buffer.from('/\xfd', 'latin1')]);
  await file.linkTo(target, { replace: true });
  await file.close();
  expect(readdirSync(bytes, { encoding: 'buffer' })).toEqual([Buffer.from([0xfd])]);
});

test('100 at once, and linkTo and close in the order of their calls', async () => {
  using directory = temporaryDirectory();
  const before = openFds();
  const files = await Promise.all(
    Array.from({ length: 100 }, (_, index) => openTemporaryFile({ directory: directory.path, named: index % 2 === 0 })),
  );
  expect(new Set(files.map(({ fd }) => fd)).size).toBe(100);
  const last = files[99];
  await Promise.all([
    last?.linkTo(join(directory.path, 'last'), { durability: 'none' }),
    ...files.map((file) => file.close()),
  ]);
  expect(readdirSync(directory.path)).toEqual(['last']);
  expectNoNewFds(before);
});

test.each([0o000, 0o777, 0o277])('mode 0600 whatever the umask, here %o', async (umask) => {
  using directory = temporaryDirectory('umask', { mode: 0o777 });
  const answers = await inChild([
    ['umask', umask],
    ['modes', directory.path],
  ]);
  expect(answers[1]?.result).toEqual(['600', '600', '640', '700', '700', '750']);
});

const tmpdirs: [string, string, string][] = [
  ['missing', '/missing-for-sure', 'ENOENT'],
  ['no directory', '/dev/null', 'ENOTDIR'],
];
test.each(tmpdirs)('TMPDIR that is %s: an error that names it, and no other directory', async (_, TMPDIR, code) => {
  const answers = await inChild([['openTemporaryFile'], ['makeTemporaryDirectory']], { env: { TMPDIR } });
  for (const answer of answers) {
    expect(answer).toMatchObject({ code, message: expect.stringContaining('TMPDIR') as string, path: TMPDIR });
  }
});

test('TMPDIR that is relative starts at the working directory of the call', async () => {
  using directory = temporaryDirectory();
  mkdirSync(join(directory.path, 'here'));
  const options = { env: { TMPDIR: 'here' }, cwd: directory.path };
  const [answer] = await inChild([['namedPathAfterChdir', '/']], options);
  expect(answer?.result).toContain(`${directory.path}/here/osx-`);
});

needs('linux', 'unprivileged-user').test('TMPDIR that is not writable', async () => {
  using directory = temporaryDirectory('closed', { mode: 0o755 });
  const options = { env: { TMPDIR: directory.path }, uid: 65534, gid: 65534, cwd: '/' };
  const answers = await inChild([['openTemporaryFile'], ['makeTemporaryDirectory']], options);
  expect(answers.map(({ code }) => code)).toEqual(['EACCES', 'EACCES']);
});

needs('linux', 'strace').describe('where the file system has no files without a name', () => {
  const fixture = new URL('./fixtures/one-file.ts', import.meta.url);

  test.each(['EOPNOTSUPP', 'EISDIR', 'ENOENT'])(
    '%s: a named one, which linkTo moves',
    { timeout: 60_000 },
    async (code) => {
      using directory = temporaryDirectory();
      const fault = `openat:error=${code}:when=1`;
      const { stdout, trace } = await straceInject(fixture, [directory.path, 'unnamed'], fault, { whenReady: true });
      expect(trace).toMatch(/O_TMPFILE.*INJECTED/);
      expect(stdout.trim()).toBe('named then linked');
      expect(readdirSync(directory.path)).toEqual(['target']);
    },
  );

  test('any other error is the answer', { timeout: 60_000 }, async () => {
    using directory = temporaryDirectory();
    const fault = 'openat:error=EDQUOT:when=1';
    const { stdout } = await straceInject(fixture, [directory.path, 'unnamed'], fault, { whenReady: true });
    expect(stdout.trim()).toBe('EDQUOT');
    expect(readdirSync(directory.path)).toEqual([]);
  });
});
