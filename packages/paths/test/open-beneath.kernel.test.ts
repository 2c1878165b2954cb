import {
  constants,
  fstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
  chmodSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { isNonblocking, open } from '@osx/fds';
import { linuxConstants } from '@osx/native-ffi';
import { openBeneath, resolveBeneath, resolveBeneathSync } from '@osx/paths';
import {
  asUnprivilegedUser,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  runTool,
  spawnFixture,
  straceInject,
  temporaryDirectory,
} from '@osx/test-support';
import { describe, expect } from 'vitest';

import { libcCalls } from '../src/internal/libc-calls.ts';
import { locateByWalk } from '../src/internal/locate-beneath.ts';

const { test } = needs('linux');
const opener = new URL('fixtures/opener.ts', import.meta.url);
const probe = new URL('fixtures/probe.ts', import.meta.url);
const linker = new URL('fixtures/linker.ts', import.meta.url);
const hooks = new URL('fixtures/missing-package.ts', import.meta.url);

function world(options?: { mode?: number }) {
  const directory = temporaryDirectory('osx-paths', options);
  const root = join(directory.path, 'root');
  mkdirSync(join(root, 'sub'), { recursive: true });
  writeFileSync(join(directory.path, 'outside'), 'outside');
  writeFileSync(join(root, 'inside'), 'inside');
  symlinkSync('../inside', join(root, 'sub', 'in'));
  symlinkSync('../outside', join(root, 'out'));
  return { root, base: directory.path, [Symbol.dispose]: () => directory[Symbol.dispose]() };
}

describe('openBeneath', () => {
  test('takes the root as text, bytes, URL, descriptor and Fd, which stays open', async () => {
    using tree = world();
    using held = open(tree.root, 'r');
    const roots = [tree.root, Buffer.from(tree.root), pathToFileURL(tree.root), held.number, held];
    for (const root of roots) {
      using fd = await openBeneath(root, 'sub/in');
      expect(readFileSync(fd.number, 'utf8')).toBe('inside');
    }
    expect(held.isClosed).toBe(false);
  });

  test('a descriptor stays the root wherever the directory is moved', async () => {
    using tree = world();
    using held = open(tree.root, 'r');
    renameSync(tree.root, join(tree.base, 'moved'));
    symlinkSync(tree.base, tree.root);
    using fd = await openBeneath(held, 'inside');
    expect(readFileSync(fd.number, 'utf8')).toBe('inside');
    await expect(openBeneath(held, 'out')).rejects.toMatchObject({ code: 'EXDEV', path: 'out' });
  });

  test('writes, with words for flags and a mode under the umask', async () => {
    using tree = world();
    using fd = await openBeneath(tree.root, 'sub/new', 'wx', { mode: 0o600 });
    await fd.writeAll('written');
    expect(readFileSync(join(tree.root, 'sub/new'), 'utf8')).toBe('written');
    expect(fstatSync(fd.number).mode & 0o777).toBe(0o600);
    await expect(openBeneath(tree.root, 'sub/new', 'ax')).rejects.toMatchObject({ code: 'EEXIST' });
    using again = await openBeneath(tree.root, 'sub/new', 'a+');
    await again.writeAll('!');
    expect(readFileSync(join(tree.root, 'sub/new'), 'utf8')).toBe('written!');
  });

  test('the refusal says what was asked, and that it leads out', async () => {
    using tree = world();
    const before = openFds();
    for (const path of ['out', '../outside', '/etc/passwd']) {
      await expect(openBeneath(tree.root, path)).rejects.toMatchObject({
        name: 'SystemError',
        code: 'EXDEV',
        path,
        message: expect.stringContaining('leads out of the root directory') as string,
      });
    }
    await expect(openBeneath(join(tree.root, 'none'), 'x')).rejects.toMatchObject({
      code: 'ENOENT',
      path: join(tree.root, 'none'),
    });
    await expect(openBeneath(join(tree.root, 'inside'), 'x')).rejects.toMatchObject({ code: 'ENOTDIR' });
    expectNoNewFds(before);
  });

  test('a FIFO does not stop the thread, and is left in blocking mode unless asked', async () => {
    using tree = world();
    runTool('mkfifo', [join(tree.root, 'fifo')]);
    using reader = await openBeneath(tree.root, 'fifo');
    expect(isNonblocking(reader)).toBe(false);
    using other = await openBeneath(tree.root, 'fifo', 'r', { nonblocking: true });
    expect(isNonblocking(other)).toBe(true);
    using asked = await openBeneath(tree.root, 'fifo', constants.O_RDONLY | constants.O_NONBLOCK);
    expect(isNonblocking(asked)).toBe(true);
    reader.close();
    other.close();
    asked.close();
    await expect(openBeneath(tree.root, 'fifo', constants.O_WRONLY)).rejects.toMatchObject({ code: 'ENXIO' });
    using file = await openBeneath(tree.root, 'inside');
    expect(isNonblocking(file)).toBe(false);
  });

  test('O_PATH alone is as openat2 has it; with other flags it is EINVAL', async () => {
    using tree = world();
    const { O_PATH } = linuxConstants();
    using fd = await openBeneath(tree.root, 'sub/in', O_PATH);
    expect(fstatSync(fd.number).ino).toBe(statSync(join(tree.root, 'inside')).ino);
    await expect(openBeneath(tree.root, 'inside', O_PATH | constants.O_RDWR)).rejects.toMatchObject({ code: 'EINVAL' });
  });

  test('a path of 4,095 bytes is one, and a longer one is refused', async () => {
    using tree = world();
    const long = './'.repeat(2044) + 'inside';
    using fd = await openBeneath(tree.root, `.${long}`.slice(1));
    expect(readFileSync(fd.number, 'utf8')).toBe('inside');
    await expect(openBeneath(tree.root, './'.repeat(2045) + 'inside')).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
  });

  test('a Worker’s descriptors are closed at its end', async () => {
    const { stdout } = await runFixture(probe, ['worker']);
    expect(JSON.parse(stdout)).toEqual({ inside: 3, left: 0 });
  });

  needs('unprivileged-user').test(
    'the right to search is enough on the way, and needed, also before a ..',
    async () => {
      using tree = world({ mode: 0o755 });
      mkdirSync(join(tree.root, 'x-only'));
      mkdirSync(join(tree.root, 'shut'));
      for (const file of ['file', 'x-only/file', 'shut/file']) writeFileSync(join(tree.root, file), 'read');
      chmodSync(join(tree.root, 'x-only'), 0o711);
      chmodSync(join(tree.root, 'shut'), 0o700);
      const expected = { passed: 'read', listed: 'EACCES', shut: 'EACCES', climbed: 'EACCES', inDirectory: 'EACCES' };
      for (const env of [{}, { OSX_TEST_MISSING: '@osx/linux' }]) {
        const options = { ...asUnprivilegedUser, env, nodeArgs: ['--import', hooks.href] };
        const { stdout } = await runFixture(probe, ['search-only', tree.root], options);
        expect(JSON.parse(stdout)).toEqual(expected);
      }
    },
  );
});

describe('where openat2 is not to be had, the walk opens', () => {
  const paths = ['sub/in', 'out', '../outside', 'sub/../inside', 'none'];
  const expected = ['inside', 'EXDEV', 'EXDEV', 'inside', 'ENOENT'];

  needs('strace').test.each([
    ['not in the kernel', 'openat2:error=ENOSYS'],
    ['forbidden by seccomp', 'openat2:error=EPERM'],
    ['never sure', 'openat2:error=EAGAIN'],
    ['sure at the third attempt', 'openat2:error=EAGAIN:when=1..2'],
  ])('%s (%s)', async (_what, inject) => {
    using tree = world();
    const { stdout, injected } = await straceInject(opener, [tree.root, '{}', ...paths], inject, { whenReady: true });
    expect(injected).toBe(true);
    expect(JSON.parse(stdout)).toEqual(expected);
  });

  needs('strace').test('a missing openat2 is asked for once, one that is forbidden each time', async () => {
    using tree = world();
    const calls = async (error: string): Promise<number> => {
      const options = { whenReady: true };
      const { trace } = await straceInject(opener, [tree.root, '{}', ...paths], `openat2:error=${error}`, options);
      return trace.match(/openat2\(/g)?.length ?? 0;
    };
    expect(await calls('ENOSYS')).toBe(1);
    expect(await calls('EPERM')).toBe(paths.length);
  });

  needs('strace').test('an EPERM of the file’s own stays EPERM', async () => {
    using tree = world({ mode: 0o755 });
    const flags = linuxConstants().O_NOATIME;
    const options = { ...asUnprivilegedUser, env: { OSX_TEST_COLD: '1' }, input: 'go\n' };
    const { stdout } = await runFixture(opener, [tree.root, JSON.stringify({ flags }), 'inside'], options);
    expect(stdout.split('\n')[1]).toBe('["EPERM"]');
  });

  test.each(['@osx/linux', 'koffi'])('without the package %s', async (name) => {
    using tree = world();
    const options = { nodeArgs: ['--import', hooks.href], env: { OSX_TEST_MISSING: name }, input: 'go\n' };
    const { stdout } = await runFixture(opener, [tree.root, '{}', ...paths], options);
    expect(stdout.split('\n')[1]).toBe(JSON.stringify(expected));
    const resolving = await runFixture(opener, [tree.root, '{"resolve":true}', 'sub/in', 'out'], options);
    expect(resolving.stdout.split('\n')[1]).toBe(JSON.stringify([join(tree.root, 'inside'), 'EXDEV']));
  });
});

describe('resolveBeneath', () => {
  test('is the real path, from the real root', async () => {
    using tree = world();
    symlinkSync('root', join(tree.base, 'link-to-root'));
    for (const root of [tree.root, join(tree.base, 'link-to-root'), `${tree.root}/sub/..`]) {
      expect(await resolveBeneath(root, 'sub/in')).toBe(join(tree.root, 'inside'));
      expect(resolveBeneathSync(root, 'sub/..')).toBe(tree.root);
      expect(resolveBeneathSync(root, 'sub')).toBe(join(tree.root, 'sub'));
      await expect(resolveBeneath(root, 'out')).rejects.toMatchObject({ code: 'EXDEV', path: 'out' });
      await expect(resolveBeneath(root, 'none')).rejects.toMatchObject({ code: 'ENOENT' });
    }
    expect(resolveBeneathSync('/', tree.root.slice(1))).toBe(tree.root);
    expect(resolveBeneathSync('/', '.')).toBe('/');
    using held = open(tree.root, 'r');
    expect(resolveBeneathSync(held, 'sub/in')).toBe(join(tree.root, 'inside'));
  });

  test('bytes for bytes, and no text that names another file', () => {
    using tree = world();
    const name = Buffer.from([0x66, 0xff]);
    const path = Buffer.concat([Buffer.from(`${tree.root}/`), name]);
    writeFileSync(path, '');
    symlinkSync(name, join(tree.root, 'to-bytes'));
    expect(resolveBeneathSync(tree.root, Buffer.from('to-bytes'))).toEqual(path);
    expect(() => resolveBeneathSync(tree.root, 'to-bytes')).toThrow(expect.objectContaining({ code: 'EILSEQ' }));
  });

  test('a name that ends as the kernel marks removed files', () => {
    using tree = world();
    writeFileSync(join(tree.root, 'file (deleted)'), '');
    expect(resolveBeneathSync(tree.root, 'file (deleted)')).toBe(join(tree.root, 'file (deleted)'));
  });

  test('a name that is removed while it is asked for is never told with the kernel’s mark', async () => {
    using tree = world();
    const name = join(tree.root, 'name');
    await using _linking = await spawnFixture(linker, [join(tree.root, 'inside'), name]);
    const answers = new Map<string, number>();
    const count = (answer: string): number => answers.get(answer) ?? 0;
    for (let tried = 0; tried < 100_000 && (tried < 5000 || count(name) < 50 || count('ENOENT') < 50); tried += 1) {
      let answer: string;
      try {
        answer = resolveBeneathSync(tree.root, 'name');
      } catch (error) {
        answer = (error as NodeJS.ErrnoException).code ?? String(error);
      }
      answers.set(answer, count(answer) + 1);
    }
    expect([...answers.keys()].filter((answer) => answer !== 'EAGAIN').toSorted()).toEqual([name, 'ENOENT']);
  });

  test('the walk by libc gives the same', () => {
    using tree = world();
    const { O_PATH } = linuxConstants();
    using held = open(tree.root, 'r');
    const locate = (path: string, root: string | undefined = tree.root): string =>
      locateByWalk(
        libcCalls,
        { fd: held.number, path: root, close: () => {} },
        { asked: path, path, flags: O_PATH, mode: 0, followSymlinks: true, crossMounts: true },
      );
    const before = openFds();
    expect(locate('sub/in')).toBe(join(tree.root, 'inside'));
    expect(locate('sub/..')).toBe(tree.root);
    expect(() => locate('out')).toThrow(expect.objectContaining({ code: 'EXDEV' }));
    expect(() => locate('inside', '/')).toThrow(expect.objectContaining({ code: 'EAGAIN' }));
    expectNoNewFds(before);
  });

  test('no link is followed with followSymlinks: false', () => {
    using tree = world();
    const options = { followSymlinks: false };
    expect(() => resolveBeneathSync(tree.root, 'sub/in', options)).toThrow(expect.objectContaining({ code: 'ELOOP' }));
    expect(resolveBeneathSync(tree.root, 'sub/../inside', options)).toBe(join(tree.root, 'inside'));
    unlinkSync(join(tree.root, 'inside'));
    expect(() => resolveBeneathSync(tree.root, 'sub/in')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});
