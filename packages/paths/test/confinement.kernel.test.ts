// The contract of confined opening, held by every way of doing it.
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { linuxConstants } from '@osx/native-ffi';
import { isCloseOnExec } from '@osx/fds';
import { expectNoNewFds, needs, openFds, runTool, temporaryDirectory } from '@osx/test-support';
import { afterAll, beforeAll, expect } from 'vitest';

import { ways } from './ways.ts';

const { describe, test } = needs('linux');
const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDWR, O_TRUNC, O_WRONLY } = constants;

let before: ReturnType<typeof openFds>;
beforeAll(() => {
  using directory = temporaryDirectory();
  for (const [, open] of ways) open(directory.path, '.').close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

/** A root, and every way out of it. */
function world() {
  const directory = temporaryDirectory();
  const root = join(directory.path, 'root');
  const at = (path: string): string => join(root, path);
  mkdirSync(at('sub/deep'), { recursive: true });
  mkdirSync(join(directory.path, 'root-sibling'));
  writeFileSync(join(directory.path, 'outside'), 'outside');
  writeFileSync(join(directory.path, 'root-sibling', 'inside'), 'outside');
  writeFileSync(at('inside'), 'inside');
  writeFileSync(at('sub/deep/file'), 'deep');
  const links: Record<string, string> = {
    'link-out': '../outside',
    'sub/link-out-of-sub': '../inside',
    'sub/link-far-out': '../../outside',
    up: '..',
    absolute: join(directory.path, 'outside'),
    'absolute-inside': at('inside'),
    'to-sub': 'sub',
    'to-sub-slash': 'sub/',
    'to-deep': './sub//deep/../deep/.',
    'to-file': 'to-deep/file',
    'to-missing': 'sub/made',
    'to-missing-slash': 'sub/made/',
    dangling: 'nothing/there',
    loop: 'loop',
    ping: 'pong',
    pong: 'sub/../ping',
    'chain-0': 'inside',
  };
  for (const [path, target] of Object.entries(links)) symlinkSync(target, at(path));
  for (let count = 1; count <= 40; count += 1) symlinkSync(`chain-${count - 1}`, at(`chain-${count}`));
  return { root, at, base: directory.path, [Symbol.dispose]: () => directory[Symbol.dispose]() };
}

describe.each(ways)('%s', (_way, open) => {
  const read = (...args: Parameters<typeof open>): string => {
    using fd = open(...args);
    return readFileSync(fd.number, 'utf8');
  };

  test.each([
    ['..', '../outside', 'EXDEV'],
    ['.. alone', '..', 'EXDEV'],
    ['.. with a slash', '../', 'EXDEV'],
    ['.. further in', 'sub/../../outside', 'EXDEV'],
    ['.. and back in', '../root/inside', 'EXDEV'],
    ['a sibling with the same prefix', '../root-sibling/inside', 'EXDEV'],
    ['a link out', 'link-out', 'EXDEV'],
    ['a link far out', 'sub/link-far-out', 'EXDEV'],
    ['a link to the directory above', 'up/outside', 'EXDEV'],
    ['a link to the directory above and back', 'up/root/inside', 'EXDEV'],
    ['an absolute link', 'absolute', 'EXDEV'],
    ['an absolute link to the inside', 'absolute-inside', 'EXDEV'],
    ['a loop', 'loop', 'ELOOP'],
    ['a loop on the way', 'loop/file', 'ELOOP'],
    ['a loop of two', 'ping', 'ELOOP'],
    ['41 links', 'chain-40', 'ELOOP'],
    ['what is missing', 'missing', 'ENOENT'],
    ['what is missing on the way', 'missing/file', 'ENOENT'],
    ['a dangling link', 'dangling', 'ENOENT'],
    ['a file as a directory', 'inside/file', 'ENOTDIR'],
    ['a file as a directory, then ..', 'inside/../inside', 'ENOTDIR'],
    ['a file with a slash', 'inside/', 'ENOTDIR'],
    ['a file with a dot', 'inside/.', 'ENOTDIR'],
    ['a link to a file with a slash', 'to-file/', 'ENOTDIR'],
    ['a name that is too long', 'n'.repeat(256), 'ENAMETOOLONG'],
  ])('%s is refused', (_what, path, code) => {
    using tree = world();
    expect(() => open(tree.root, path)).toThrow(expect.objectContaining({ name: 'SystemError', code, path }));
  });

  test.each([
    ['inside', 'inside'],
    ['./sub//.././inside', 'inside'],
    ['to-sub/deep/file', 'deep'],
    ['to-sub-slash/deep/file', 'deep'],
    ['to-file', 'deep'],
    ['to-deep/../../inside', 'inside'],
    ['sub/link-out-of-sub', 'inside'],
    ['chain-39', 'inside'],
  ])('%s stays beneath and is followed', (path, content) => {
    using tree = world();
    expect(read(tree.root, path)).toBe(content);
    using fd = open(tree.root, path);
    expect(isCloseOnExec(fd)).toBe(true);
  });

  test.each(['.', './', 'sub/..', 'sub/../', 'to-sub/..'])('%s is the root', (path) => {
    using tree = world();
    using fd = open(tree.root, path);
    expect(fstatSync(fd.number).ino).toBe(statSync(tree.root).ino);
  });

  test.each(['to-sub', 'to-sub/', 'to-sub/.', 'to-sub-slash'])('%s is the directory behind the link', (path) => {
    using tree = world();
    using fd = open(tree.root, path, { flags: O_DIRECTORY });
    expect(fstatSync(fd.number).ino).toBe(statSync(tree.at('sub')).ino);
  });

  test('a new file is made with its mode, through a dangling link too', () => {
    using tree = world();
    for (const [path, made] of [
      ['new', 'new'],
      ['to-missing', 'sub/made'],
      ['to-sub/other', 'sub/other'],
    ] as const) {
      using fd = open(tree.root, path, { flags: O_CREAT | O_WRONLY, mode: 0o640 });
      expect(fstatSync(fd.number).mode & 0o777).toBe(0o640);
      expect(fstatSync(fd.number).ino).toBe(statSync(tree.at(made)).ino);
    }
  });

  test.each([
    ['new/', O_CREAT | O_WRONLY, 'EISDIR'],
    ['sub/', O_CREAT | O_WRONLY, 'EISDIR'],
    ['inside/', O_CREAT | O_WRONLY, 'EISDIR'],
    ['to-missing-slash', O_CREAT | O_WRONLY, 'EISDIR'],
    ['sub', O_CREAT | O_WRONLY, 'EISDIR'],
    ['.', O_CREAT | O_WRONLY, 'EISDIR'],
    ['new/.', O_CREAT | O_WRONLY, 'ENOENT'],
    ['sub', O_WRONLY, 'EISDIR'],
    ['inside', O_CREAT | O_EXCL | O_WRONLY, 'EEXIST'],
    ['to-missing', O_CREAT | O_EXCL | O_WRONLY, 'EEXIST'],
    ['link-out', O_CREAT | O_EXCL | O_WRONLY, 'EEXIST'],
    ['link-out', O_CREAT | O_TRUNC | O_WRONLY, 'EXDEV'],
    ['../new', O_CREAT | O_WRONLY, 'EXDEV'],
    ['up/new', O_CREAT | O_WRONLY, 'EXDEV'],
    ['inside', O_DIRECTORY, 'ENOTDIR'],
    ['to-file', O_NOFOLLOW, 'ELOOP'],
    ['to-sub', O_NOFOLLOW | O_DIRECTORY, 'ENOTDIR'],
  ])('%s with flags %o is %s', (path, flags, code) => {
    using tree = world();
    expect(() => open(tree.root, path, { flags, mode: (flags & O_CREAT) === 0 ? 0 : 0o600 })).toThrow(
      expect.objectContaining({ code, path }),
    );
    expect(readFileSync(join(tree.base, 'outside'), 'utf8')).toBe('outside');
    expect(existsSync(join(tree.base, 'new'))).toBe(false);
  });

  test('O_NOFOLLOW is of the last name alone; with O_PATH it opens the link', () => {
    using tree = world();
    const { O_PATH } = linuxConstants();
    expect(read(tree.root, 'to-deep/file', { flags: O_NOFOLLOW })).toBe('deep');
    using directory = open(tree.root, 'to-sub/', { flags: O_NOFOLLOW });
    expect(fstatSync(directory.number).isDirectory()).toBe(true);
    using link = open(tree.root, 'link-out', { flags: O_PATH | O_NOFOLLOW });
    expect(fstatSync(link.number).isSymbolicLink()).toBe(true);
    using target = open(tree.root, 'to-file', { flags: O_PATH });
    expect(fstatSync(target.number).ino).toBe(statSync(tree.at('to-file')).ino);
    expect(() => open(tree.root, 'link-out', { flags: O_PATH })).toThrow(expect.objectContaining({ code: 'EXDEV' }));
  });

  test('a nameless file is made in the directory behind a link', () => {
    using tree = world();
    using fd = open(tree.root, 'to-sub', { flags: linuxConstants().O_TMPFILE | O_RDWR, mode: 0o600 });
    expect(fstatSync(fd.number)).toMatchObject({ nlink: 0 });
    expect(fstatSync(fd.number).dev).toBe(statSync(tree.root).dev);
  });

  test.each(['to-file', 'to-sub/deep/file', 'to-sub/', 'dangling', 'link-out', 'loop'])(
    'with followSymlinks: false %s is refused, and is not followed',
    (path) => {
      using tree = world();
      expect(() => open(tree.root, path, { followSymlinks: false })).toThrow(
        expect.objectContaining({ code: 'ELOOP' }),
      );
      expect(read(tree.root, 'sub/../sub/deep/file', { followSymlinks: false })).toBe('deep');
    },
  );

  test('bytes that are no UTF-8, as names and in the text of links', () => {
    using tree = world();
    const name = Buffer.from([0x66, 0xff, 0xe9]);
    writeFileSync(Buffer.concat([Buffer.from(`${tree.root}/`), name]), 'bytes');
    symlinkSync(name, tree.at('to-bytes'));
    expect(read(tree.root, name)).toBe('bytes');
    expect(read(tree.root, 'to-bytes')).toBe('bytes');
  });

  test.each(['self/root', 'self/cwd/x', 'self/exe', 'self/fd/0', 'thread-self/root/etc'])(
    'the magic link %s is refused, and ordinary links of /proc are followed',
    (path) => {
      expect(() => open('/proc', path)).toThrow(expect.objectContaining({ code: 'ELOOP' }));
      expect(read('/proc', 'self/comm')).toMatch(/./);
      expect(read('/proc', 'mounts')).toMatch(/proc/);
    },
  );

  test('a magic link of a pipe', () => {
    // Standard error may be anything; this directory's own descriptor is a pipe to a child.
    const number = openSync('/proc/self/fd', O_DIRECTORY);
    try {
      expect(() => open('/proc', `self/fd/${number}`)).toThrow(expect.objectContaining({ code: 'ELOOP' }));
    } finally {
      closeSync(number);
    }
  });

  test('a FIFO without a writer does not hold the thread', () => {
    using tree = world();
    runTool('mkfifo', [tree.at('fifo')]);
    using fd = open(tree.root, 'fifo', { flags: constants.O_NONBLOCK });
    expect(fstatSync(fd.number).isFIFO()).toBe(true);
  });

  test('a root that is a file, and one that is gone', () => {
    using tree = world();
    const gone = tree.at('sub/deep/gone');
    mkdirSync(gone);
    expect(() => open(tree.at('inside'), 'x')).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
  });
});

const [blind, seeing] = [ways.slice(2), ways.slice(0, 2)];

needs('mount').test.each(seeing)(
  'mount points are crossed, or by option refused, bind mounts too: %s',
  (_way, open) => {
    using tree = world();
    const read = (path: string, options?: Parameters<typeof open>[2]): string => {
      using fd = open(tree.root, path, options);
      return readFileSync(fd.number, 'utf8');
    };
    writeFileSync(tree.at('target'), 'kept');
    writeFileSync(tree.at('over'), 'under');
    using _directory = bindMount(tree.at('sub/deep'), tree.at('sub'));
    using _file = bindMount(tree.at('target'), tree.at('over'));
    expect(read('sub/file')).toBe('deep');
    expect(read('sub/../inside')).toBe('inside');
    const options = { crossMounts: false };
    for (const path of ['sub', 'sub/file', 'sub/../inside', 'to-sub/file', 'over']) {
      expect(() => open(tree.root, path, options)).toThrow(expect.objectContaining({ code: 'EXDEV' }));
    }
    expect(() => open(tree.root, 'over', { ...options, flags: O_WRONLY | O_TRUNC })).toThrow(
      expect.objectContaining({ code: 'EXDEV' }),
    );
    expect(readFileSync(tree.at('target'), 'utf8')).toBe('kept');
    expect(read('chain-3', options)).toBe('inside');
    open(tree.root, 'new', { ...options, flags: O_CREAT | O_WRONLY, mode: 0o600 }).close();
  },
);

test.each(blind)('mount points that it cannot see are not passed in silence: %s', (_way, open) => {
  using tree = world();
  expect(() => open(tree.root, 'inside', { crossMounts: false })).toThrow(
    expect.objectContaining({ name: 'UnsupportedError' }),
  );
});

function bindMount(from: string, to: string): Disposable {
  runTool('mount', ['--bind', from, to]);
  return { [Symbol.dispose]: () => void runTool('umount', [to]) };
}
