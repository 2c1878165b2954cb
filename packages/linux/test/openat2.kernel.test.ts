import { constants, fstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Fd, isCloseOnExec, open } from '@osx/fds';
import { openat2 } from '@osx/linux/openat2';
import {
  assertHeadersAgree,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  spawnFixture,
  straceInject,
  temporaryDirectory,
} from '@osx/test-support';
import { afterAll, beforeAll, expect } from 'vitest';

import { openHowStruct } from '../src/internal/open-how.ts';
import { RESOLVE } from '../src/internal/openat2-constants.ts';

const { test } = needs('linux');
const { O_CREAT, O_DIRECTORY, O_EXCL, O_RDONLY, O_WRONLY } = constants;

const probe = new URL('fixtures/openat2-probe.ts', import.meta.url);

let before: ReturnType<typeof openFds>;
beforeAll(() => {
  openat2(null, '.').close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

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
  using root = open(tree.root, O_RDONLY | O_DIRECTORY);
  expect(() => openat2(root, path, { resolve: ['beneath'] })).toThrow(
    expect.objectContaining({ code, syscall: 'openat2', path }),
  );
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

test('no-magiclinks refuses the links of /proc, which no-symlinks does too, and follows others', () => {
  using tree = world();
  using root = open(tree.root, O_RDONLY | O_DIRECTORY);
  const magic = `/proc/self/fd/${root.number}`;
  using followed = openat2(null, magic, { flags: O_DIRECTORY });
  expect(fstatSync(followed.number).ino).toBe(fstatSync(root.number).ino);
  for (const rule of ['no-magiclinks', 'no-symlinks'] as const) {
    expect(() => openat2(null, magic, { resolve: [rule] })).toThrow(
      expect.objectContaining({ code: 'ELOOP', path: magic }),
    );
  }
  using file = openat2(root, 'sub/link-in', { resolve: ['no-magiclinks'] });
  expect(readFileSync(file.number, 'utf8')).toBe('inside');
});

test('no-symlinks opens what no symlink leads to', () => {
  using tree = world();
  using root = open(tree.root, O_RDONLY | O_DIRECTORY);
  using file = openat2(root, 'sub/../inside', { resolve: ['no-symlinks', 'beneath'] });
  expect(readFileSync(file.number, 'utf8')).toBe('inside');
});

test('no-xdev refuses to cross a mount', () => {
  using root = open('/', O_RDONLY | O_DIRECTORY);
  openat2(root, 'proc/version').close();
  expect(() => openat2(root, 'proc/version', { resolve: ['no-xdev'] })).toThrow(
    expect.objectContaining({ code: 'EXDEV' }),
  );
});

test('cached opens what was opened just now, and says EAGAIN to what would have to be made', () => {
  using tree = world();
  using root = open(tree.root, O_RDONLY | O_DIRECTORY);
  openat2(root, 'inside').close();
  openat2(root, 'inside', { resolve: ['cached'] }).close();
  expect(() => openat2(root, 'new', { flags: O_CREAT | O_WRONLY, mode: 0o600, resolve: ['cached'] })).toThrow(
    expect.objectContaining({ code: 'EAGAIN' }),
  );
});

test('in-root takes an absolute symlink from the start directory', () => {
  using tree = world();
  symlinkSync('/inside', join(tree.root, 'sub', 'from-root'));
  using root = open(tree.root, O_RDONLY | O_DIRECTORY);
  using file = openat2(root, 'sub/from-root', { resolve: ['in-root'] });
  expect(readFileSync(file.number, 'utf8')).toBe('inside');
  expect(() => openat2(root, 'absolute-link', { resolve: ['in-root'] })).toThrow(
    expect.objectContaining({ code: 'ENOENT' }),
  );
});

test('a directory that is swapped for a symlink all the time never leads out', async () => {
  using tree = world();
  symlinkSync('..', join(tree.root, 'swapped'));
  mkdirSync(join(tree.root, 'swapped-other'));
  writeFileSync(join(tree.root, 'swapped-other', 'outside'), 'inside');
  await using swapper = await spawnFixture(probe, [
    'swap',
    join(tree.root, 'swapped'),
    join(tree.root, 'swapped-other'),
  ]);
  using root = open(tree.root, O_RDONLY | O_DIRECTORY);
  const seen: Record<string, number> = {};
  const plain: Record<string, number> = {};
  const enough = () =>
    [seen['inside'], seen['EXDEV'], plain['inside'], plain['outside']].every((times = 0) => times > 50);
  for (let round = 0; round < 1_000_000 && !enough(); round += 1) {
    count(seen, () => openat2(root, 'swapped/outside', { resolve: ['beneath'] }));
    count(plain, () => openat2(root, 'swapped/outside'));
  }
  swapper.kill();
  expect(Object.keys(seen).filter((outcome) => !['inside', 'EXDEV', 'EAGAIN'].includes(outcome))).toEqual([]);
  expect(Object.keys(plain).toSorted()).toEqual(['inside', 'outside']);
});

/** Counts what was read, or the code of the refusal. */
function count(outcomes: Record<string, number>, opening: () => Fd): void {
  let outcome;
  try {
    using file = opening();
    outcome = readFileSync(file.number, 'utf8');
  } catch (error) {
    outcome = (error as NodeJS.ErrnoException).code ?? String(error);
  }
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
}

test('a Worker’s descriptors are closed at its end', async () => {
  const { stdout } = await runFixture(probe, ['worker']);
  expect(stdout).toBe('opened 2, left 0\n');
});

needs('strace').test.each([
  ['openat2', 'openat2:error=ENOSYS', 'open', 'ENOTSUP Linux 5.6, and no seccomp filter against it'],
  ['RESOLVE_CACHED', 'openat2:error=EINVAL', 'cached', 'ENOTSUP Linux 5.12'],
  ['nothing, but refuses', 'openat2:error=EINVAL:when=1', 'cached', 'EINVAL openat2'],
  ['nothing, and refuses', 'openat2:error=EINVAL', 'open', 'EINVAL openat2'],
])('a kernel that lacks %s says so', async (_, inject, what, expected) => {
  const { stdout, injected } = await straceInject(probe, [what], inject, { whenReady: true });
  expect(injected).toBe(true);
  expect(stdout).toBe(`${expected}\n`);
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

const claims = {
  headers: ['linux/openat2.h'],
  constants: Object.fromEntries(
    Object.entries(RESOLVE).map(([rule, bit]) => [`RESOLVE_${rule.replace('-', '_').toUpperCase()}`, bit]),
  ),
  structs: { 'struct open_how': openHowStruct.layout() },
};
needs('gcc').test('constants and layout are those of the headers on x64', () => assertHeadersAgree(claims));
needs('arm64-gcc').test('constants and layout are those of the headers on arm64', () =>
  assertHeadersAgree(
    { ...claims, structs: { 'struct open_how': openHowStruct.layout('linux-arm64') } },
    'aarch64-linux-gnu-gcc',
  ),
);
