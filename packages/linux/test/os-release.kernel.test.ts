import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseOsRelease, readOsRelease } from '@osx/linux/os-release';
import {
  asUnprivilegedUser,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  runTool,
  straceInject,
  temporaryDirectory,
} from '@osx/test-support';
import { afterAll, beforeAll, expect, test } from 'vitest';

const fixture = new URL('fixtures/os-release-root.ts', import.meta.url);

let before: ReadonlyMap<number, string>;
beforeAll(() => {
  using tree = system({});
  expect(() => readOsRelease({ root: tree.path })).toThrow(/ENOENT/);
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

/** A system's root with /etc, /usr/lib and these files; a value `-> x` makes a symbolic link. */
function system(files: Record<string, string>) {
  const directory = temporaryDirectory('os-release', { mode: 0o755 });
  for (const path of ['etc/', 'usr/lib/']) mkdirSync(join(directory.path, path), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const full = join(directory.path, path);
    mkdirSync(join(full, '..'), { recursive: true });
    if (content.startsWith('-> ')) symlinkSync(content.slice(3), full);
    else writeFileSync(full, content);
  }
  return directory;
}

/** What a shell that sources the file has in the variables; undefined where it fails. */
function shellValues(text: string, names: readonly string[]): string[] | undefined {
  using directory = temporaryDirectory('os-release');
  const file = join(directory.path, 'os-release');
  writeFileSync(file, text);
  const format = names.map((name) => `"$${name}"`).join(' ');
  const result = spawnSync('sh', ['-c', `. "$FILE" && printf '%s\\0' ${format}`], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], FILE: file },
  });
  if (result.status !== 0 || result.stderr !== '') return undefined;
  return result.stdout.split('\0').slice(0, -1);
}

/** A seeded generator (mulberry32): a failure can be run again. */
function randomSource(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  return { next, pick, times: (count: number, make: () => string) => Array.from({ length: count }, make).join('') };
}

/** A value in a spelling that a shell takes, from pieces that are where parsers go wrong. */
function randomSpelling(random: ReturnType<typeof randomSource>): string {
  const plain = ['a', 'B', '9', '.', '-', '/', ':', '=', 'ü', '🐧', '#b', '+', ',', '@', '%', '^', ']', '}'];
  const quoted = [
    ...plain,
    ' ',
    '\t',
    '\n',
    ';',
    '&',
    '|',
    '<',
    '>',
    '(',
    ')',
    '*',
    '?',
    '[',
    '{',
    '~',
    '!',
    '\r',
    '#',
  ];
  const doubled = [...quoted, "'", '\\"', '\\$', '\\\\', '\\`', '\\n', '\\a', "\\'", '\\\n', '\\ '];
  const single = [...quoted, '"', '\\', '$HOME', '`', '\\"'];
  const bare = [...plain, '\\ ', '\\"', "\\'", '\\$', '\\\\', '\\`', '\\n', '\\;', '\\#', '\\\n', '\\&', '\\\t', '\\~'];
  const count = (): number => Math.floor(random.next() * 5);
  return random.times(1 + Math.floor(random.next() * 4), () =>
    random.pick([
      () => `"${random.times(count(), () => random.pick(doubled))}"`,
      () => `'${random.times(count(), () => random.pick(single))}'`,
      // A word must not begin with what a shell takes for a comment.
      () => random.times(count(), () => random.pick(bare)).replace(/^#/, ''),
    ])(),
  );
}

needs('linux').test('the values are those that a shell sees: 12,000 spellings, in 400 files', () => {
  const random = randomSource(20_261_120);
  let compared = 0;
  for (let round = 0; round < 400; round += 1) {
    const names = Array.from({ length: 30 }, (_, index) => `V${index}`);
    const behind = ['', '', ' ', '\t', ' # comment " \'', '\n# comment "\n', '\n\n  '];
    const text = names.map((name) => `${name}=${randomSpelling(random)}${random.pick(behind)}\n`).join('');
    const expected = shellValues(text, names);
    if (expected === undefined) throw new Error(`the generator made what no shell takes:\n${text}`);
    const { fields } = parseOsRelease(text);
    expect(
      names.map((name) => fields.get(name)),
      text,
    ).toEqual(expected);
    compared += names.length;
  }
  expect(compared).toBe(12_000);
});

needs('python3').test('what Python can read, it reads alike', () => {
  const random = randomSource(7);
  const characters = ['a', ' ', '"', "'", '$', '\\', '`', '#', '=', 'ü', ';', '\t'];
  const values = Array.from({ length: 500 }, () => random.times(8, () => random.pick(characters)));
  const lines = values.map((value, index) => `V${index}="${value.replaceAll(/["$\\`]/g, '\\$&')}"`);
  const text = `NAME="Debian GNU/Linux"\nID=debian\n${lines.join('\n')}\n`;
  // _parse_os_release is what platform.freedesktop_os_release() calls with the file's lines.
  const program =
    'import json, platform, sys; print(json.dumps(dict(platform._parse_os_release(sys.stdin.readlines()))))';
  const python = JSON.parse(runTool('python3', ['-X', 'utf8', '-c', program], { input: text })) as Record<
    string,
    string
  >;
  const { fields } = parseOsRelease(text);
  expect(values.map((_, index) => fields.get(`V${index}`))).toEqual(values);
  expect(python).toEqual({ PRETTY_NAME: 'Linux', ...Object.fromEntries(fields) });
});

needs('linux').test("this system's own file, against a shell", () => {
  const release = readOsRelease();
  expect(release.path).toBe(existsSync('/etc/os-release') ? '/etc/os-release' : '/usr/lib/os-release');
  const names = [...release.fields.keys()];
  const format = names.map((name) => `"$${name}"`).join(' ');
  const output = runTool('sh', ['-c', `. ${release.path} && printf '%s\\0' ${format}`]);
  expect([...release.fields.values()]).toEqual(output.split('\0').slice(0, -1));
});

needs('linux').describe('where it is looked for', () => {
  test('/etc is used alone, /usr/lib only without it', () => {
    using both = system({ 'etc/os-release': 'ID=etc\n', 'usr/lib/os-release': 'ID=usr\nVERSION_ID=1\n' });
    const release = readOsRelease({ root: both.path });
    expect([release.id, release.versionId, release.path]).toEqual(['etc', undefined, '/etc/os-release']);
    rmSync(join(both.path, 'etc/os-release'));
    expect(readOsRelease({ root: both.path })).toMatchObject({ id: 'usr', path: '/usr/lib/os-release' });
  });

  test('an empty file in /etc is not a missing one', () => {
    using tree = system({ 'etc/os-release': '', 'usr/lib/os-release': 'ID=usr\n' });
    expect(readOsRelease({ root: tree.path })).toMatchObject({ id: 'linux', path: '/etc/os-release' });
  });

  test.each([
    ['a relative link', '-> ../usr/lib/os-release'],
    ['an absolute link means the root that was given', '-> /usr/lib/os-release'],
    ['a link with too many ..', '-> ../../../../../../usr/lib/os-release'],
    ['a dangling link is a missing file', '-> nowhere'],
  ])('%s', (_, link) => {
    using tree = system({ 'etc/os-release': link, 'usr/lib/os-release': 'ID=inside\n' });
    expect(readOsRelease({ root: tree.path }).id).toBe('inside');
    expect(readOsRelease({ root: Buffer.from(tree.path) }).id).toBe('inside');
  });

  test('missing everywhere: ENOENT names every file', () => {
    using tree = system({});
    expect(() => readOsRelease({ root: tree.path })).toThrow(
      expect.objectContaining({
        code: 'ENOENT',
        syscall: 'open',
        message: "ENOENT: no such file: '/etc/os-release' and '/usr/lib/os-release', open",
      }),
    );
    expect(() => readOsRelease({ root: join(tree.path, 'nowhere') })).toThrow(
      expect.objectContaining({ code: 'ENOENT', path: join(tree.path, 'nowhere') }),
    );
    expect(() => readOsRelease({ root: join(tree.path, 'usr/lib/x') })).toThrow(/ENOENT/);
  });

  test('other failures are thrown: the second file would not be the truth', () => {
    using tree = system({ 'etc/os-release/sub': '', 'usr/lib/os-release': 'ID=usr\n' });
    expect(() => readOsRelease({ root: tree.path })).toThrow(
      expect.objectContaining({ code: 'EISDIR', path: '/etc/os-release' }),
    );
    using loop = system({ 'etc/os-release': '-> os-release', 'usr/lib/os-release': 'ID=usr\n' });
    expect(() => readOsRelease({ root: loop.path })).toThrow(expect.objectContaining({ code: 'ELOOP' }));
    expect(() => readOsRelease({ paths: [join(loop.path, 'etc/os-release')] })).toThrow(
      expect.objectContaining({ name: 'SystemError', code: 'ELOOP' }),
    );
  });

  test('a FIFO in its place does not wait for a writer', () => {
    using tree = system({});
    runTool('mkfifo', [join(tree.path, 'etc/os-release')]);
    expect(readOsRelease({ root: tree.path }).fields.size).toBe(0);
  });

  test('other files: an initrd, an extension', () => {
    using tree = system({
      'etc/initrd-release': 'ID=initrd\n',
      'usr/lib/extension-release.d/extension-release.tool': 'ID=_any\nSYSEXT_SCOPE="system initrd"\n',
    });
    expect(readOsRelease({ root: tree.path, paths: ['/etc/initrd-release', '/etc/os-release'] }).id).toBe('initrd');
    const paths = [Buffer.from('/usr/lib/extension-release.d/extension-release.tool')];
    expect(readOsRelease({ root: tree.path, paths }).sysextScope).toEqual(['system', 'initrd']);
    expect(readOsRelease({ paths: [join(tree.path, 'etc/initrd-release')] }).id).toBe('initrd');
  });

  test('bytes that are not UTF-8 do not fail', () => {
    using tree = system({});
    writeFileSync(join(tree.path, 'etc/os-release'), Buffer.from('ID=a\nNAME="\xff"\n', 'latin1'));
    expect(readOsRelease({ root: tree.path })).toMatchObject({ id: 'a', name: '\uFFFD' });
  });
});

needs('unprivileged-user').test('a file that may not be read is EACCES, not the other file', async () => {
  using tree = system({ 'etc/os-release': 'ID=etc\n', 'usr/lib/os-release': 'ID=usr\n' });
  chmodSync(join(tree.path, 'etc/os-release'), 0o600);
  const { stdout } = await runFixture(fixture, [tree.path], { ...asUnprivilegedUser, cwd: '/' });
  expect(stdout).toBe('EACCES /etc/os-release\n');
});

needs('strace').test('a kernel without openat2 says what it lacks', async () => {
  using tree = system({ 'etc/os-release': 'ID=etc\n' });
  const { stdout, injected } = await straceInject(fixture, [tree.path], 'openat2:error=ENOSYS');
  expect([injected, stdout]).toEqual([true, 'ENOTSUP undefined Linux 5.6, and no seccomp filter against it\n']);
});
