import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { watchTree } from '@osx/linux/inotify';
import type { TreeEvent } from '@osx/linux/inotify';
import { renameat2 } from '@osx/linux/renameat2';
import { eventually, expectNoNewFds, mountTmpfs, needs, openFds, runTool, temporaryDirectory } from '@osx/test-support';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { watchedInodes } from './fixtures/tree-oracle.ts';
import { TreeRecorder } from './fixtures/tree-recorder.ts';

let before: ReturnType<typeof openFds>;
beforeAll(() => {
  using directory = temporaryDirectory('tree');
  watchTree(directory.path).close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

describe('what is reported', () => {
  test('files: create, change, delete; moves in one piece', async () => {
    using directory = temporaryDirectory('tree');
    using recorder = new TreeRecorder(directory.path);
    await recorder.watcher.ready;
    const at = (name: string): string => join(directory.path, name);
    writeFileSync(at('file'), 'text');
    renameSync(at('file'), at('renamed'));
    linkSync(at('renamed'), at('link'));
    symlinkSync('renamed', at('symlink'));
    rmSync(at('renamed'));
    expect(await recorder.linesUntil('delete renamed')).toEqual([
      'create file',
      'change file',
      'move file -> renamed',
      'create link',
      'create symlink',
      'delete renamed',
    ]);
    await recorder.expectAgreement();
  });

  test('a file that takes the place of another: the atomic write of editors', async () => {
    using directory = temporaryDirectory('tree');
    using outside = temporaryDirectory('tree');
    writeFileSync(join(directory.path, 'target'), 'old');
    writeFileSync(join(outside.path, 'ready'), 'new');
    using recorder = new TreeRecorder(directory.path);
    await recorder.watcher.ready;
    renameSync(join(outside.path, 'ready'), join(directory.path, 'target'));
    expect(await recorder.linesUntil('change target')).toEqual(['change target']);
    writeFileSync(join(directory.path, 'temporary'), 'newer');
    renameSync(join(directory.path, 'temporary'), join(directory.path, 'target'));
    await recorder.linesUntil('move temporary -> target');
    await recorder.expectAgreement();
  });

  test('a directory that is renamed takes its watches along, and the paths of all below', async () => {
    using directory = temporaryDirectory('tree');
    mkdirSync(join(directory.path, 'a/b/c'), { recursive: true });
    using recorder = new TreeRecorder(directory.path);
    await recorder.watcher.ready;
    const watched = watchedInodes(recorder.watcher);
    renameSync(join(directory.path, 'a'), join(directory.path, 'z'));
    writeFileSync(join(directory.path, 'z/b/c/file'), '');
    expect(await recorder.linesUntil('change z/b/c/file')).toEqual([
      'move a/ -> z/',
      'create z/b/c/file',
      'change z/b/c/file',
    ]);
    expect(watchedInodes(recorder.watcher)).toEqual(watched);
    await recorder.expectAgreement();
  });

  test('a directory that goes out of the tree is deleted with all it held; one that comes in is read', async () => {
    using directory = temporaryDirectory('tree');
    using outside = temporaryDirectory('tree');
    mkdirSync(join(directory.path, 'a/b'), { recursive: true });
    writeFileSync(join(directory.path, 'a/b/file'), '');
    using recorder = new TreeRecorder(directory.path);
    await recorder.watcher.ready;
    renameSync(join(directory.path, 'a'), join(outside.path, 'a'));
    expect(await recorder.linesUntil('delete a/')).toEqual(['delete a/b/file', 'delete a/b/', 'delete a/']);
    writeFileSync(join(outside.path, 'a/b/not seen'), '');
    expect(watchedInodes(recorder.watcher)).toHaveLength(1);
    renameSync(join(outside.path, 'a'), join(directory.path, 'in'));
    await recorder.linesUntil('create in/b/not seen');
    await recorder.expectAgreement();
    writeFileSync(join(directory.path, 'in/b/seen'), '');
    await recorder.linesUntil('change in/b/seen');
  });

  test.each([
    ['directories', true, true],
    ['a directory and a file', true, false],
    ['files', false, false],
  ])('%s that are exchanged (RENAME_EXCHANGE): right afterwards, and not blind', async (_name, isFirst, isSecond) => {
    using directory = temporaryDirectory('tree');
    const [a, b] = [join(directory.path, 'a'), join(directory.path, 'b')];
    for (const [path, isDirectory] of [
      [a, isFirst],
      [b, isSecond],
    ] as const) {
      if (isDirectory) mkdirSync(join(path, 'deep'), { recursive: true });
      writeFileSync(isDirectory ? join(path, 'deep/file') : path, path);
    }
    using recorder = new TreeRecorder(directory.path);
    await recorder.watcher.ready;
    for (let round = 0; round < 20; round += 1) {
      renameat2(a, b, { exchange: true });
      for (const path of [a, b]) {
        const isDirectory = readdirSync(directory.path, { withFileTypes: true }).some(
          (entry) => entry.isDirectory() && join(directory.path, entry.name) === path,
        );
        writeFileSync(isDirectory ? join(path, 'deep', `${round}`) : path, `${round}`);
      }
      if (round % 3 === 0) await recorder.expectAgreement();
    }
    await recorder.expectAgreement();
  });

  test('what exists, when asked for: once, parents first; and nothing before ready otherwise', async () => {
    using directory = temporaryDirectory('tree');
    mkdirSync(join(directory.path, 'a/b'), { recursive: true });
    writeFileSync(join(directory.path, 'a/file'), '');
    using silent = new TreeRecorder(directory.path);
    using loud = new TreeRecorder(directory.path, { emitExisting: true });
    await Promise.all([silent.watcher.ready, loud.watcher.ready]);
    expect(silent.lines).toEqual([]);
    expect(loud.lines.toSorted()).toEqual(['create a/', 'create a/b/', 'create a/file']);
    await loud.expectAgreement();
    expect(loud.watcher.watchCount).toBe(3);
  });

  test('writes and metadata only when asked for', async () => {
    using directory = temporaryDirectory('tree');
    const file = join(directory.path, 'file');
    writeFileSync(file, 'text');
    using plain = new TreeRecorder(directory.path);
    using full = new TreeRecorder(directory.path, { modify: true, attributes: true });
    await Promise.all([plain.watcher.ready, full.watcher.ready]);
    truncateSync(file, 1);
    utimesSync(file, 1, 1);
    chmodSync(directory.path, 0o755);
    writeFileSync(join(directory.path, 'last'), '');
    const lines = await full.linesUntil('change last');
    expect(lines).toContain('modify file');
    expect(lines).toContain('attributes file');
    expect(lines).toContain('attributes /');
    expect((await plain.linesUntil('change last')).filter((line) => /modify|attributes/.test(line))).toEqual([]);
  });

  test('names are bytes', async () => {
    using directory = temporaryDirectory('tree');
    const root = Buffer.from(directory.path);
    const odd = Buffer.concat([root, Buffer.from('/\xff\xfe\n', 'latin1')]);
    using recorder = new TreeRecorder(directory.path);
    await recorder.watcher.ready;
    mkdirSync(odd);
    const inside = Buffer.concat([odd, Buffer.from('/é'), Buffer.from([0x80])]);
    writeFileSync(inside, '');
    await eventually(() => recorder.events.find((event) => event.pathBytes.equals(inside)));
    const moved = Buffer.concat([root, Buffer.from('/\xfd', 'latin1')]);
    renameSync(inside, moved);
    const move = await eventually(() => recorder.events.find((event) => event.type === 'move'));
    expect(recorder.events[0]?.pathBytes).toEqual(odd);
    expect(recorder.events[0]?.path).toBe(`${directory.path}/\ufffd\ufffd\n`);
    expect([move.pathBytes, move.fromPathBytes]).toEqual([moved, inside]);
    rmdirSync(odd);
    await eventually(() => recorder.events.some((event) => event.type === 'delete' && event.pathBytes.equals(odd)));
    expect(recorder.watcher.watchCount).toBe(1);
  });

  test('symbolic links are not followed, but the root is; a hard link is a file', async () => {
    using directory = temporaryDirectory('tree');
    using outside = temporaryDirectory('tree');
    mkdirSync(join(directory.path, 'real'));
    symlinkSync(outside.path, join(directory.path, 'real', 'out'));
    symlinkSync(join(directory.path, 'real'), join(directory.path, 'root'));
    using recorder = new TreeRecorder(join(directory.path, 'root'));
    await recorder.watcher.ready;
    expect(recorder.watcher.watchCount).toBe(1);
    writeFileSync(join(outside.path, 'file'), '');
    symlinkSync(outside.path, join(directory.path, 'real', 'later'));
    writeFileSync(join(directory.path, 'real', 'file'), '');
    expect(await recorder.linesUntil('change file')).toEqual(['create later', 'create file', 'change file']);
    expect(recorder.watcher.root).toBe(join(directory.path, 'root'));
  });

  needs('root', 'mount').test(
    'a directory that is there twice (bind mount) is reported at one place, and is no loop',
    async () => {
      using mount = mountTmpfs({ sizeBytes: 1 << 20 });
      mkdirSync(join(mount.path, 'a/b'), { recursive: true });
      mkdirSync(join(mount.path, 'a/loop'));
      runTool('mount', ['--bind', join(mount.path, 'a'), join(mount.path, 'a/loop')]);
      try {
        using recorder = new TreeRecorder(mount.path);
        await recorder.watcher.ready;
        writeFileSync(join(mount.path, 'a/b/file'), '');
        await eventually(() => recorder.lines.some((line) => line.startsWith('change')));
        expect(recorder.watcher.watchCount).toBe(3);
      } finally {
        runTool('umount', [join(mount.path, 'a/loop')]);
      }
    },
  );
});

needs('root', 'mount').test(
  'a file system below that is unmounted: what it held is deleted, the place under it watched',
  async () => {
    using directory = temporaryDirectory('tree');
    const below = join(directory.path, 'below');
    mkdirSync(below);
    runTool('mount', ['-t', 'tmpfs', 'tmpfs', below]);
    try {
      mkdirSync(join(below, 'a'));
      writeFileSync(join(below, 'a/file'), '');
      using recorder = new TreeRecorder(directory.path);
      await recorder.watcher.ready;
      runTool('umount', [below]);
      await recorder.linesUntil('delete below/a/');
      writeFileSync(join(below, 'file'), '');
      await recorder.linesUntil('change below/file');
      await recorder.expectAgreement();
    } finally {
      if (existsSync(join(below, 'a'))) runTool('umount', [below]);
    }
  },
);

describe('what is left out', () => {
  test('by name and by path: not watched, not read, not reported', async () => {
    using directory = temporaryDirectory('tree');
    for (const path of ['node_modules/x', 'src/node_modules/y', 'build/cache', 'src/build/cache']) {
      mkdirSync(join(directory.path, path), { recursive: true });
    }
    using recorder = new TreeRecorder(directory.path, {
      ignore: ['node_modules', './build/cache/'],
      emitExisting: true,
    });
    await recorder.watcher.ready;
    const paths = ['create build/', 'create src/', 'create src/build/', 'create src/build/cache/'];
    expect(recorder.lines.splice(0).toSorted()).toEqual(paths);
    expect(recorder.watcher.watchCount).toBe(5);
    writeFileSync(join(directory.path, 'node_modules/x/file'), '');
    mkdirSync(join(directory.path, 'src/build/node_modules/new'), { recursive: true });
    writeFileSync(join(directory.path, 'last'), '');
    expect(await recorder.linesUntil('change last')).toEqual(['create last', 'change last']);
  });

  test('by function; a rename across the border is a create or a delete', async () => {
    using directory = temporaryDirectory('tree');
    const asked: [string, boolean][] = [];
    const ignore = (path: string, isDirectory: boolean): boolean => {
      asked.push([path, isDirectory]);
      return /(^|\/)\.|\.tmp$/.test(path);
    };
    using recorder = new TreeRecorder(directory.path, { ignore });
    await recorder.watcher.ready;
    const at = (name: string): string => join(directory.path, name);
    writeFileSync(at('file.tmp'), '');
    renameSync(at('file.tmp'), at('file'));
    renameSync(at('file'), at('.hidden'));
    mkdirSync(at('.d/sub'), { recursive: true });
    renameSync(at('.d'), at('d'));
    await recorder.linesUntil('create d/sub/');
    renameSync(at('d'), at('.d'));
    expect(await recorder.linesUntil('delete d/')).toEqual(['delete d/sub/', 'delete d/']);
    expect(recorder.watcher.watchCount).toBe(1);
    expect(asked).toContainEqual(['.d', true]);
    expect(asked).toContainEqual(['file', false]);
  });

  test('by a path that a rename of a directory above changes', async () => {
    using directory = temporaryDirectory('tree');
    mkdirSync(join(directory.path, 'one/cache'), { recursive: true });
    writeFileSync(join(directory.path, 'one/cache/file'), '');
    using recorder = new TreeRecorder(directory.path, { ignore: ['one/cache'] });
    await recorder.watcher.ready;
    renameSync(join(directory.path, 'one'), join(directory.path, 'two'));
    expect(await recorder.linesUntil('create two/cache/file')).toEqual([
      'move one/ -> two/',
      'create two/cache/',
      'create two/cache/file',
    ]);
    renameSync(join(directory.path, 'two'), join(directory.path, 'one'));
    expect(await recorder.linesUntil('delete one/cache/')).toContain('delete one/cache/file');
    expect(recorder.watcher.watchCount).toBe(2);
  });

  test('a function that throws ends the watcher with its error', async () => {
    using directory = temporaryDirectory('tree');
    const broken = new Error('broken');
    using watcher = watchTree(directory.path, {
      ignore: () => {
        throw broken;
      },
    });
    await watcher.ready;
    writeFileSync(join(directory.path, 'file'), '');
    await expect(watcher[Symbol.asyncIterator]().next()).rejects.toBe(broken);
    expect(watcher.isClosed).toBe(true);
  });
});

describe('the end', () => {
  test.each([
    ['deleted', (root: string): void => rmSync(root, { recursive: true })],
    ['moved', (root: string): void => renameSync(root, `${root}-moved`)],
  ])('a root that is %s: the last event says so, and iteration ends', async (reason, act) => {
    using directory = temporaryDirectory('tree');
    const root = join(directory.path, 'root');
    mkdirSync(join(root, 'a'), { recursive: true });
    using watcher = watchTree(root);
    await watcher.ready;
    act(root);
    const events: TreeEvent[] = [];
    for await (const event of watcher) events.push(event);
    expect(events.at(-1)).toMatchObject({ type: 'end', reason, path: root, isDirectory: true });
    expect(watcher.isClosed).toBe(true);
    expect(() => watcher.fd).toThrow(expect.objectContaining({ code: 'EBADF' }));
  });

  test('a root whose path leads elsewhere, because a directory above was renamed: told with the next new directory', async () => {
    using directory = temporaryDirectory('tree');
    const root = join(directory.path, 'above/root');
    mkdirSync(root, { recursive: true });
    using recorder = new TreeRecorder(root);
    await recorder.watcher.ready;
    renameSync(join(directory.path, 'above'), join(directory.path, 'other'));
    mkdirSync(root, { recursive: true });
    mkdirSync(join(directory.path, 'other/root/new'));
    await eventually(() => recorder.watcher.isClosed);
    expect(recorder.events.at(-1)).toMatchObject({ type: 'end', reason: 'replaced' });
  });

  needs('root', 'mount').test('a root that is unmounted', async () => {
    const mount = mountTmpfs({ sizeBytes: 1 << 20 });
    using watcher = watchTree(mount.path);
    await watcher.ready;
    const next = watcher[Symbol.asyncIterator]().next();
    mount[Symbol.dispose]();
    expect((await next).value).toMatchObject({ type: 'end', reason: 'unmounted' });
  });

  test('a root that goes before the tree was read: ready rejects', async () => {
    using directory = temporaryDirectory('tree');
    const root = join(directory.path, 'root');
    mkdirSync(root);
    using watcher = watchTree(root);
    rmSync(root, { recursive: true });
    await expect(watcher.ready).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('close: iterators end, nothing comes any more, twice is once; also before ready, and from a callback', async () => {
    using directory = temporaryDirectory('tree');
    const watcher = watchTree(directory.path);
    const next = watcher[Symbol.asyncIterator]().next();
    watcher.close();
    watcher.close();
    await expect(next).resolves.toEqual({ done: true, value: undefined });
    await expect(watcher.ready).rejects.toMatchObject({ code: 'EBADF' });
    expect(watcher.unref().ref()).toBe(watcher);

    const seen: string[] = [];
    const closing = watchTree(directory.path, {
      onEvent: (event) => {
        seen.push(event.type);
        closing.close();
      },
    });
    await closing.ready;
    for (let index = 0; index < 5; index += 1) writeFileSync(join(directory.path, `${index}`), '');
    await eventually(() => closing.isClosed);
    expect(seen).toEqual(['create']);
  });

  test('a signal: closed, and its reason goes to whoever waits', async () => {
    using directory = temporaryDirectory('tree');
    const controller = new AbortController();
    const watcher = watchTree(directory.path, { signal: controller.signal });
    const next = watcher[Symbol.asyncIterator]().next();
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    await expect(watcher.ready).rejects.toBe(reason);
    expect(watcher.isClosed).toBe(true);
    expect(() => watchTree(directory.path, { signal: AbortSignal.abort(reason) })).toThrow(reason);
  });

  test('a callback that throws costs nobody an event', async () => {
    using directory = temporaryDirectory('tree');
    const thrown: unknown[] = [];
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error));
    try {
      const seen: string[] = [];
      using watcher = watchTree(directory.path, {
        onEvent: (event) => {
          seen.push(event.type);
          throw new Error(event.type);
        },
      });
      await watcher.ready;
      writeFileSync(join(directory.path, 'file'), '');
      await eventually(() => thrown.length === 2);
      expect(seen).toEqual(['create', 'change']);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of others) process.on('uncaughtException', listener);
    }
  });
});

test('a consumer that does not take: reading and scanning stop at the bound, and go on', async () => {
  using directory = temporaryDirectory('tree');
  for (let index = 0; index < 60; index += 1) {
    mkdirSync(join(directory.path, `d${index}`));
    for (let file = 0; file < 10; file += 1) writeFileSync(join(directory.path, `d${index}`, `${file}`), '');
  }
  using watcher = watchTree(directory.path, { emitExisting: true, maxBufferedEvents: 100 });
  const iterator = watcher[Symbol.asyncIterator]();
  await iterator.next();
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(watcher.watchCount).toBe(61);
  const seen = new Set<string>();
  while (seen.size < 659) {
    const { value } = await iterator.next();
    expect(seen.has(value?.path ?? '')).toBe(false);
    seen.add(value?.path ?? '');
  }
  await watcher.ready;
});
