import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { IN_CREATE, Inotify, watchTree } from '@osx/linux/inotify';
import { renameat2 } from '@osx/linux/renameat2';
import { eventually, expectNoNewFds, openFds, spawnFixture, temporaryDirectory } from '@osx/test-support';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { TreeRecorder } from './fixtures/tree-recorder.ts';

const ROUNDS = 200;

let before: ReturnType<typeof openFds>;
beforeAll(() => {
  using directory = temporaryDirectory('tree');
  watchTree(directory.path).close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

/** Directories made and filled at once, by another process: `N/a/b/c/file`. */
async function makeAtOnce(root: string): Promise<void> {
  await using child = await spawnFixture(new URL('fixtures/make-at-once.ts', import.meta.url), [root, String(ROUNDS)]);
  expect(await child.exited).toEqual({ code: 0, signal: null });
}

describe(`mkdir -p a/b/c and a write at once, ${ROUNDS} rounds`, { timeout: 120_000 }, () => {
  test('none is missed, none reported twice, and no directory is blind afterwards', async () => {
    using directory = temporaryDirectory('tree');
    using recorder = new TreeRecorder(directory.path);
    await recorder.watcher.ready;
    await makeAtOnce(directory.path);
    for (let round = 0; round < ROUNDS; round += 1) {
      mkdirSync(join(directory.path, `own ${round}`, 'a/b/c'), { recursive: true });
      writeFileSync(join(directory.path, `own ${round}`, 'a/b/c/file'), '');
      if (round % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await recorder.expectAgreement();
    expect(recorder.model.picture.size).toBe(ROUNDS * 2 * 5);
    recorder.lines.length = 0;
    for (const top of readdirSync(directory.path)) {
      for (const path of ['', 'a', 'a/b', 'a/b/c']) writeFileSync(join(directory.path, top, path, 'later'), '');
    }
    await eventually(() => recorder.lines.filter((line) => line.startsWith('change')).length === ROUNDS * 2 * 4);
    await recorder.expectAgreement();
  });

  // The mutant that this must catch.
  test('a watcher that adds a watch at the create event and does not read the directory misses some', async () => {
    using directory = temporaryDirectory('tree');
    const seen = new Set<string>();
    using inotify = Inotify.open({
      onEvent: (event) => {
        const path = join(String(event.watch?.path), event.name ?? '');
        seen.add(path);
        if (event.isDirectory && existsSync(path)) inotify.addWatch(path, IN_CREATE);
      },
    });
    inotify.addWatch(directory.path, IN_CREATE);
    await makeAtOnce(directory.path);
    writeFileSync(join(directory.path, 'last'), '');
    await eventually(() => seen.has(join(directory.path, 'last')));
    const missed = Array.from({ length: ROUNDS }, (_, round) => join(directory.path, `${round}/a/b/c/file`));
    expect(missed.filter((path) => !seen.has(path)).length).toBeGreaterThan(0);
  });
});

describe(`directories that are renamed, ${ROUNDS} rounds`, { timeout: 120_000 }, () => {
  test('while somebody writes inside: nothing is missed, nothing is blind afterwards', async () => {
    using directory = temporaryDirectory('tree');
    mkdirSync(join(directory.path, 'dir 0/sub'), { recursive: true });
    using recorder = new TreeRecorder(directory.path);
    await recorder.watcher.ready;
    // Its working directory goes along.
    const script = `for i in $(seq 1 ${ROUNDS * 3}); do echo $i > file$i; mkdir d$i; echo $i > d$i/x; done`;
    const child = spawn('sh', ['-c', script], { cwd: join(directory.path, 'dir 0/sub'), stdio: 'ignore' });
    const exited = once(child, 'exit');
    for (let round = 0; round < ROUNDS; round += 1) {
      renameSync(join(directory.path, `dir ${round}`), join(directory.path, `dir ${round + 1}`));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await exited).toEqual([0, null]);
    await recorder.expectAgreement();
    expect(recorder.model.picture.size).toBe(2 + ROUNDS * 3 * 3);
    expect(recorder.lines.filter((line) => line.startsWith('move dir '))).toHaveLength(ROUNDS);
    const last = join(directory.path, `dir ${ROUNDS}/sub`);
    for (const name of readdirSync(last)) if (name.startsWith('d')) writeFileSync(join(last, name, 'later'), '');
    await eventually(() => recorder.lines.filter((line) => line.endsWith('/later')).length === ROUNDS * 3 * 2);
  });

  test('at once after they were made, in chains, with a successor in their place', async () => {
    using directory = temporaryDirectory('tree');
    using recorder = new TreeRecorder(directory.path);
    await recorder.watcher.ready;
    const at = (...names: (string | number)[]): string => join(directory.path, ...names.map(String));
    for (let round = 0; round < ROUNDS; round += 1) {
      mkdirSync(at(round));
      writeFileSync(at(round, 'first'), '');
      renameSync(at(round), at('b'));
      mkdirSync(at(round));
      writeFileSync(at(round, 'second'), '');
      renameSync(at('b'), at('c'));
      renameSync(at('c'), at(round, 'inner'));
      if (round % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await recorder.expectAgreement();
    recorder.lines.length = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      writeFileSync(at(round, 'inner', 'later'), '');
      writeFileSync(at(round, 'later'), '');
    }
    await eventually(() => recorder.lines.filter((line) => line.startsWith('change')).length === ROUNDS * 2);
    await recorder.expectAgreement();
  });

  test('exchanged again and again, also with a place outside', async () => {
    using directory = temporaryDirectory('tree');
    using outside = temporaryDirectory('tree');
    for (const name of ['a', 'b']) mkdirSync(join(directory.path, name, `${name}-sub`), { recursive: true });
    mkdirSync(join(outside.path, 'x/x-sub'), { recursive: true });
    using recorder = new TreeRecorder(directory.path);
    await recorder.watcher.ready;
    const [a, b] = [join(directory.path, 'a'), join(directory.path, 'b')];
    for (let round = 0; round < ROUNDS; round += 1) {
      renameat2(a, round % 4 === 3 ? join(outside.path, 'x') : b, { exchange: true });
      for (const top of [a, b]) {
        const [sub] = readdirSync(top).filter((name) => name.endsWith('-sub'));
        writeFileSync(join(top, sub as string, `${round}`), '');
      }
      if (round % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await recorder.expectAgreement();
  });
});

test(
  '20,000 renames while every event is read at once: each is one move, however far apart its halves are',
  { timeout: 120_000 },
  async () => {
    using directory = temporaryDirectory('tree');
    for (const name of ['a', 'b']) mkdirSync(join(directory.path, name));
    writeFileSync(join(directory.path, 'a/file'), '');
    const counts = new Map<string, number>();
    using watcher = watchTree(directory.path, {
      onEvent: ({ type }) => counts.set(type, (counts.get(type) ?? 0) + 1),
    });
    await watcher.ready;
    const fixture = new URL('fixtures/rename-to-and-fro.ts', import.meta.url);
    await using child = await spawnFixture(fixture, [directory.path, '10000']);
    expect(await child.exited).toEqual({ code: 0, signal: null });
    writeFileSync(join(directory.path, 'last'), '');
    await eventually(() => counts.has('change'));
    // Without an overflow: nothing but moves, and the last file.
    if (!counts.has('overflow')) expect(Object.fromEntries(counts)).toEqual({ move: 20_000, create: 1, change: 1 });
    expect(counts.get('move')).toBeGreaterThan(1000);
  },
);

test('deeper than a path can name: told, not passed over', { timeout: 120_000 }, async () => {
  using directory = temporaryDirectory('tree', { on: 'tmpfs' });
  const chain = (top: string): string =>
    join(directory.path, top, ...Array.from({ length: 35 }, () => 'x'.repeat(100)));
  mkdirSync(chain('upper'), { recursive: true });
  mkdirSync(chain('lower'), { recursive: true });
  renameSync(join(directory.path, 'lower'), join(chain('upper'), 'lower'));
  try {
    const found: unknown[] = [];
    using watcher = watchTree(directory.path, {
      onEvent: ({ type, error }) => void found.push([type, error?.message]),
    });
    await watcher.ready;
    expect(watcher.watchCount).toBeGreaterThan(37);
    expect(found).toEqual([['unwatched', expect.stringContaining('ENAMETOOLONG')]]);
  } finally {
    execFileSync('rm', ['-rf', join(directory.path, 'upper')]);
  }
});

describe('removal', { timeout: 120_000 }, () => {
  test('of the tree while it is being read', async () => {
    using directory = temporaryDirectory('tree');
    const root = join(directory.path, 'root');
    for (let index = 0; index < 300; index += 1) mkdirSync(join(root, `${index}/a/b`), { recursive: true });
    using watcher = watchTree(root, { emitExisting: true });
    execFileSync('rm', ['-rf', root]);
    let last = '';
    for await (const event of watcher) last = event.type;
    expect(last).toBe('end');
    await expect(watcher.ready).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('of half of the tree while it is being read', async () => {
    using directory = temporaryDirectory('tree');
    for (let index = 0; index < 300; index += 1) mkdirSync(join(directory.path, `${index}/a/b`), { recursive: true });
    using recorder = new TreeRecorder(directory.path, { emitExisting: true });
    const child = spawn('sh', ['-c', 'rm -rf *0 *1 *2 *3'], { cwd: directory.path, stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([0, null]);
    await recorder.watcher.ready;
    await recorder.expectAgreement();
  });

  test('of a directory that somebody has as working directory: no watch stays', async () => {
    using directory = temporaryDirectory('tree');
    mkdirSync(join(directory.path, 'held'));
    using recorder = new TreeRecorder(directory.path);
    await recorder.watcher.ready;
    const child = spawn('sleep', ['60'], { cwd: join(directory.path, 'held'), stdio: 'ignore' });
    try {
      await once(child, 'spawn');
      rmSync(join(directory.path, 'held'), { recursive: true });
      await recorder.linesUntil('delete held/');
      expect(recorder.watcher.watchCount).toBe(1);
      await recorder.expectAgreement();
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
});

test('2,000 levels deep and 5,000 wide: all of it watched', { timeout: 120_000 }, async () => {
  using directory = temporaryDirectory('tree', { on: 'tmpfs' });
  const deep = (4000 - directory.path.length) / 2;
  mkdirSync(join(directory.path, ...Array.from({ length: Math.floor(deep) }, () => 'd')), { recursive: true });
  for (let index = 0; index < 5000; index += 1) mkdirSync(join(directory.path, `w${index}`));
  using watcher = watchTree(directory.path);
  await watcher.ready;
  expect(watcher.watchCount).toBe(1 + Math.floor(deep) + 5000);
  expect(statSync(directory.path).isDirectory()).toBe(true);
});
