import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { chmodTree, type ChmodChange } from '@osx/filemodes';
import { expectNoNewFds, hasCapability, needs, openFds, runTool, temporaryDirectory } from '@osx/test-support';

import { makeTree, modesOf, random } from './fixtures/make-tree.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let top: string;

beforeEach(() => {
  directory = temporaryDirectory('chmod-tree', { on: hasCapability('shm') ? 'tmpfs' : 'disk' });
  top = join(directory.path, 'top');
});
afterEach(() => directory[Symbol.dispose]());

const permissions = (path: string): string => (lstatSync(path).mode & 0o7777).toString(8).padStart(4, '0');
const nothing = { changed: 0, unchanged: 0, skippedSymlinks: 0, skippedMounts: 0, vanished: 0, errors: [] };

needs('linux', 'root').describe('beside chmod -R', () => {
  const modes = [
    '644',
    '0755',
    '00755',
    '7777',
    '0',
    '6000',
    'u=rwX,g=rX,o=',
    'a-rwx',
    'go-w',
    '+X',
    '-X',
    'u+r-w,g=u',
    'a+s',
    '-s,+t',
    '=',
    '+w',
    'ugo=',
    'u=g,g=o',
    '=755',
    '-222',
    '+7',
  ];

  test.each(modes)('%s: the same permissions everywhere', async (mode) => {
    const seed = 1 + random(modes.indexOf(mode) + 1)(1e9);
    const twin = join(directory.path, 'twin');
    for (const tree of [top, twin]) makeTree(tree, seed);
    const before = openFds();
    const result = await chmodTree(top, { mode, umask: 0o027 });
    expectNoNewFds(before);
    runTool('sh', ['-c', `umask 027; chmod -R -- '${mode}' twin`], { cwd: directory.path });
    const theirs = modesOf(twin);
    expect(modesOf(top)).toEqual(theirs);
    expect(result.errors).toEqual([]);
    expect(result.changed + result.unchanged).toBe(Object.keys(theirs).length);
    expect(result).toMatchObject({ skippedSymlinks: 13 * 3, skippedMounts: 0, vanished: 0 });
  });
});

needs('linux').describe('what is changed', () => {
  test('files and directories apart, each entry by what it has', async () => {
    mkdirSync(join(top, 'inner'), { recursive: true });
    for (const [name, mode] of [
      ['script', 0o755],
      ['text', 0o644],
      ['inner/private', 0o600],
    ] as const) {
      writeFileSync(join(top, name), '');
      chmodSync(join(top, name), mode);
    }
    chmodSync(top, 0o755);
    chmodSync(join(top, 'inner'), 0o2775);
    const result = await chmodTree(top, { files: 'go=u-w', directories: 'g-w,o=' });
    expect(modesOf(top)).toEqual({ '.': '0750', inner: '2750', script: '0755', text: '0644', 'inner/private': '0644' });
    expect(result).toEqual({ ...nothing, changed: 3, unchanged: 2 });
  });

  test('one kind alone leaves the other as it is, and mode stands for what is not told apart', async () => {
    mkdirSync(top, { mode: 0o755 });
    writeFileSync(join(top, 'file'), '', { mode: 0o600 });
    expect(await chmodTree(top, { files: 0o640 })).toEqual({ ...nothing, changed: 1, unchanged: 1 });
    expect(modesOf(top)).toEqual({ '.': '0755', file: '0640' });
    expect(await chmodTree(top, { directories: '0711' })).toEqual({ ...nothing, changed: 1, unchanged: 1 });
    expect(modesOf(top)).toEqual({ '.': '0711', file: '0640' });
    expect(await chmodTree(top, { mode: 'u=rwX,go=', files: '0444' })).toEqual({ ...nothing, changed: 2 });
    expect(modesOf(top)).toEqual({ '.': '0700', file: '0444' });
  });

  test('a single file; a path of bytes; a URL', async () => {
    writeFileSync(top, '', { mode: 0o600 });
    expect(await chmodTree(top, { mode: 'go=r' })).toEqual({ ...nothing, changed: 1 });
    expect(await chmodTree(Buffer.from(top), { mode: 'go=r' })).toEqual({ ...nothing, unchanged: 1 });
    expect(await chmodTree(new URL(`file://${top}`), { mode: '0600' })).toEqual({ ...nothing, changed: 1 });
    expect(permissions(top)).toBe('0600');
  });

  test('what has its permissions already keeps its ctime', async () => {
    mkdirSync(top, { mode: 0o755 });
    writeFileSync(join(top, 'file'), '', { mode: 0o644 });
    const ctimes = (): bigint[] => [top, join(top, 'file')].map((path) => statSync(path, { bigint: true }).ctimeNs);
    const before = ctimes();
    expect(await chmodTree(top, { mode: 'u=rwX,go=rX' })).toEqual({ ...nothing, unchanged: 2 });
    expect(ctimes()).toEqual(before);
  });

  test('FIFOs, sockets and devices are changed without being opened', async () => {
    mkdirSync(top);
    runTool('mkfifo', ['-m', '600', join(top, 'fifo')]);
    const server = createServer().listen(join(top, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      const result = await chmodTree(top, { files: 0o640 });
      expect(result).toEqual({ ...nothing, changed: 2, unchanged: 1 });
      expect([permissions(join(top, 'fifo')), permissions(join(top, 'socket'))]).toEqual(['0640', '0640']);
    } finally {
      server.close();
    }
  });

  test('names that are no UTF-8, or look like something else', async () => {
    const names = [
      [0xff, 0xfe],
      [0xc3, 0x28],
      [...Buffer.from('é')],
      [...Buffer.from('a\nb')],
      [...Buffer.from(' -R')],
      [...Buffer.from('%s')],
    ];
    mkdirSync(top, { mode: 0o755 });
    for (const name of names) {
      const path = Buffer.concat([Buffer.from(`${top}/`), Buffer.from(name)]);
      mkdirSync(path, { mode: 0o700 });
      writeFileSync(Buffer.concat([path, Buffer.from('/file')]), '', { mode: 0o600 });
    }
    const told: ChmodChange[] = [];
    const result = await chmodTree(top, { mode: 'u=rwX,go=rX', onChange: (change) => told.push(change) });
    expect(result).toEqual({ ...nothing, changed: 12, unchanged: 1 });
    expect(told.filter(({ path }) => typeof path !== 'string')).toHaveLength(4);
    expect(told).toContainEqual({ path: `${top}/é/file`, type: 'file', from: 0o600, to: 0o644 });
    expect(told).toContainEqual({
      path: Buffer.concat([Buffer.from(`${top}/`), Buffer.from([0xff, 0xfe])]),
      type: 'directory',
      from: 0o700,
      to: 0o755,
    });
  });

  needs('loop-mount').test('where the file system does not tell types, so that Node looks names up', async () => {
    const image = join(directory.path, 'image');
    runTool('truncate', ['--size', '16M', image]);
    runTool('mkfs.ext4', ['-q', '-O', '^filetype', image]);
    mkdirSync(top);
    runTool('mount', ['-o', 'loop', image, top]);
    try {
      for (const byte of [0x61, 0xff]) {
        const path = Buffer.concat([Buffer.from(`${top}/`), Buffer.from([byte])]);
        mkdirSync(path, { mode: 0o700 });
        writeFileSync(Buffer.concat([path, Buffer.from([0x2f, 0xfe])]), '', { mode: 0o600 });
        symlinkSync('../nowhere', Buffer.concat([path, Buffer.from('/link')]));
      }
      const { changed, skippedSymlinks, errors } = await chmodTree(top, { mode: 'go=u' });
      // Also the top and lost+found.
      expect({ changed, skippedSymlinks, errors }).toEqual({ changed: 6, skippedSymlinks: 2, errors: [] });
    } finally {
      runTool('umount', [top]);
    }
  });

  test('a directory of 3,000 names', async () => {
    mkdirSync(top);
    for (let index = 0; index < 3_000; index += 1) writeFileSync(join(top, String(index)), '', { mode: 0o600 });
    expect(await chmodTree(top, { files: 0o644 })).toEqual({ ...nothing, changed: 3_000, unchanged: 1 });
    expect(new Set(readdirSync(top).map((name) => permissions(join(top, name))))).toEqual(new Set(['0644']));
  });
});

needs('linux').describe('what is not changed', () => {
  test('symlinks lead nowhere, to files, directories, loops, or out', async () => {
    const outside = join(directory.path, 'outside');
    mkdirSync(outside, { mode: 0o700 });
    writeFileSync(join(outside, 'secret'), '', { mode: 0o600 });
    mkdirSync(top);
    symlinkSync(outside, join(top, 'directory'));
    symlinkSync(join(outside, 'secret'), join(top, 'file'));
    symlinkSync('loop', join(top, 'loop'));
    symlinkSync('nowhere', join(top, 'dangling'));
    expect(await chmodTree(top, { mode: 0o777 })).toEqual({ ...nothing, changed: 1, skippedSymlinks: 4 });
    expect(modesOf(outside)).toEqual({ '.': '0700', secret: '0600' });
  });

  test('a symlink as the top is refused, unless it is to be followed', async () => {
    const target = join(directory.path, 'target');
    mkdirSync(target, { mode: 0o700 });
    symlinkSync(target, top);
    await expect(chmodTree(top, { mode: 0o755 })).rejects.toMatchObject({ code: 'ELOOP', path: top });
    expect(permissions(target)).toBe('0700');
    expect(await chmodTree(top, { mode: 0o755, followRoot: true })).toEqual({ ...nothing, changed: 1 });
    expect(permissions(target)).toBe('0755');
    unlinkSync(top);
    symlinkSync('top', top);
    await expect(chmodTree(top, { mode: 0o755, followRoot: true })).rejects.toMatchObject({ code: 'ELOOP' });
  });

  needs('root').test('in a dry run nothing is, and the counts and changes are those of the real one', async () => {
    makeTree(top, 7);
    chmodSync(top, 0o755);
    const before = modesOf(top);
    const said: Record<string, string> = {};
    const options = { files: 'a+r', directories: 'u=rwx,go=rX', umask: 0 };
    const dry = await chmodTree(top, { ...options, dryRun: true, onChange: noteIn(said) });
    expect(modesOf(top)).toEqual(before);
    const done: Record<string, string> = {};
    const real = await chmodTree(top, { ...options, onChange: noteIn(done) });
    // A file with two names is changed once, and was not changed in the dry run when its second name came.
    const hardLinks = dry.changed - real.changed;
    expect(hardLinks).toBeLessThanOrEqual(13);
    expect({ ...dry, changed: real.changed, unchanged: real.unchanged }).toEqual(real);
    expect(said).toMatchObject(done);
    const after = modesOf(top);
    for (const [path, to] of Object.entries(done)) expect(after[path.slice(top.length + 1) || '.']).toBe(to);
  });

  needs('root', 'mount').test('what is mounted in the tree, with oneFileSystem', async () => {
    mkdirSync(join(top, 'mounted'), { recursive: true });
    runTool('mount', ['-t', 'tmpfs', '-o', 'mode=700', 'none', join(top, 'mounted')]);
    try {
      writeFileSync(join(top, 'mounted/file'), '', { mode: 0o600 });
      const kept = await chmodTree(top, { mode: 'a+rX', oneFileSystem: true });
      expect(kept).toMatchObject({ skippedMounts: 1 });
      expect(modesOf(join(top, 'mounted'))).toEqual({ '.': '0700', file: '0600' });
      const changed = await chmodTree(top, { mode: 'a+rX', umask: 0 });
      expect(changed).toMatchObject({ skippedMounts: 0, changed: 2 });
      expect(modesOf(join(top, 'mounted'))).toEqual({ '.': '0755', file: '0644' });
    } finally {
      runTool('umount', [join(top, 'mounted')]);
    }
  });
});

needs('linux').describe('what goes wrong', () => {
  test('a top that cannot be reached is a rejection', async () => {
    await expect(chmodTree(join(top, 'x'), { mode: 0o755 })).rejects.toMatchObject({
      code: 'ENOENT',
      syscall: 'open',
      path: join(top, 'x'),
    });
    writeFileSync(top, '');
    await expect(chmodTree(join(top, 'x'), { mode: 0o755 })).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  test('names that vanish meanwhile are counted', async () => {
    mkdirSync(top);
    for (let index = 0; index < 10; index += 1) writeFileSync(join(top, String(index)), '', { mode: 0o600 });
    let first = true;
    const { vanished, changed, errors } = await chmodTree(top, {
      files: 0o644,
      onChange() {
        if (first) for (const name of readdirSync(top)) unlinkSync(join(top, name));
        first = false;
      },
    });
    expect({ vanished, changed, errors }).toEqual({ vanished: 9, changed: 1, errors: [] });
  });

  test('what onChange throws ends the walk, and leaks nothing', async () => {
    makeTree(top, 3);
    chmodSync(top, 0o777);
    const own = Object.assign(new Error('ENOENT: its own'), { code: 'ENOENT', errno: -2, syscall: 'open' });
    const before = openFds();
    let calls = 0;
    const walk = chmodTree(top, {
      mode: '=644',
      onChange() {
        calls += 1;
        if (calls === 20) throw own;
      },
    });
    await expect(walk).rejects.toBe(own);
    expectNoNewFds(before);
  });

  test('an aborted walk rejects with the reason, before it began or in the midst, and leaks nothing', async () => {
    makeTree(top, 5);
    chmodSync(top, 0o777);
    const before = openFds();
    const reason = new Error('enough');
    await expect(chmodTree(join(top, 'missing'), { mode: 0, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    for (const at of [1, 10, 40]) {
      const controller = new AbortController();
      let calls = 0;
      const walk = chmodTree(top, {
        mode: 'u=rwx,go=u-' + 'rwx'.charAt(at % 3),
        onChange() {
          calls += 1;
          if (calls === at) controller.abort(reason);
        },
        signal: controller.signal,
      });
      await expect(walk).rejects.toBe(reason);
      expect(calls).toBe(at);
    }
    expectNoNewFds(before);
  });
});

function noteIn(record: Record<string, string>) {
  return ({ path, to }: ChmodChange): void => {
    record[String(path)] = to.toString(8).padStart(4, '0');
  };
}
