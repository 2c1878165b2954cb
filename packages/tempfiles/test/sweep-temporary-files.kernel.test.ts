import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { eventually, expectNoNewFds, needs, openFds, spawnFixture, temporaryDirectory } from '@osx/test-support';
import { makeTemporaryDirectory, openTemporaryFile, sweepTemporaryFiles } from '@osx/tempfiles';
import { describe, expect } from 'vitest';

import { formatOwner, temporaryName } from '../src/internal/temporary-name.ts';
import { ownIdentity } from '../src/internal/process-identity.ts';
import { inChild } from './in-child.ts';

const { test } = needs('linux');
const holder = new URL('./fixtures/holder.ts', import.meta.url);
const timeout = 60_000;

/** A name with the lock as its proof, of nobody who lives. */
function litter(directory: string): string {
  return join(directory, `osx-${temporaryName('lock')}`);
}

describe('by the lock', () => {
  test('what nobody holds goes, with its tree, and nothing that symlinks lead to', async () => {
    using directory = temporaryDirectory();
    const before = openFds();
    const outside = join(directory.path, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'file'), 'kept');
    const tree = litter(directory.path);
    mkdirSync(join(tree, 'a', 'b'), { recursive: true });
    symlinkSync(outside, join(tree, 'a', 'link'));
    const file = `${litter(directory.path)}.txt`;
    writeFileSync(file, '');
    const { removed, kept } = await sweepTemporaryFiles(directory.path);
    expect(removed.map(String).toSorted()).toEqual([tree, file].toSorted());
    expect(kept).toEqual([]);
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('kept');
    expect(readdirSync(directory.path)).toEqual(['outside']);
    expectNoNewFds(before);
  });

  test("our own living ones stay, however old, and so do others' names", async () => {
    using directory = temporaryDirectory();
    await using made = await makeTemporaryDirectory({ directory: directory.path });
    await using file = await openTemporaryFile({ directory: directory.path, named: true });
    const path = file.path as string;
    utimesSync(made.path, 0, 0);
    utimesSync(path, 0, 0);
    for (const name of ['file.osxtmp', 'osx-short.osxtmp', 'core', '.hidden'])
      writeFileSync(join(directory.path, name), '');
    const { removed, kept } = await sweepTemporaryFiles(directory.path);
    expect(removed).toEqual([]);
    expect(kept.map((one) => `${String(one.path)} ${one.reason}`).toSorted()).toEqual(
      [`${made.path} live`, `${path} live`].toSorted(),
    );
    expect(readdirSync(directory.path)).toHaveLength(6);
  });

  test('what we never make is left, whatever its name', async () => {
    using directory = temporaryDirectory();
    const victim = join(directory.path, 'victim');
    writeFileSync(victim, 'unharmed');
    symlinkSync(victim, litter(directory.path));
    symlinkSync(directory.path, litter(directory.path));
    spawnSync('mkfifo', [litter(directory.path)]);
    expect(await sweepTemporaryFiles(directory.path)).toEqual({ removed: [], kept: [] });
    expect(readdirSync(directory.path)).toHaveLength(4);
  });

  test('a stopped owner keeps what it has; killed, it does not', { timeout }, async () => {
    using directory = temporaryDirectory();
    await using child = await spawnFixture(holder, [directory.path, 'idle']);
    child.kill('SIGSTOP');
    const stopped = await sweepTemporaryFiles(directory.path);
    expect(stopped.kept.map(({ reason }) => reason)).toEqual(['live', 'live']);
    child.kill('SIGKILL');
    await child.exited;
    expect((await sweepTemporaryFiles(directory.path)).removed).toHaveLength(2);
  });

  test("a Worker's end is the end of what it had, while its process lives", { timeout }, async () => {
    using directory = temporaryDirectory();
    const before = openFds();
    const worker = new Worker(new URL('./fixtures/worker.ts', import.meta.url), { argv: [directory.path] });
    await new Promise((resolve) => worker.once('message', resolve));
    expect((await sweepTemporaryFiles(directory.path)).kept.map(({ reason }) => reason)).toEqual(['live', 'live']);
    await worker.terminate();
    expect(readdirSync(directory.path)).toHaveLength(2);
    expect((await sweepTemporaryFiles(directory.path)).removed).toHaveLength(2);
    expect(readdirSync(directory.path)).toEqual([]);
    expectNoNewFds(before);
  });

  test('a Worker that ends by itself leaves nothing', { timeout }, async () => {
    using directory = temporaryDirectory();
    const worker = new Worker(new URL('./fixtures/worker.ts', import.meta.url), { argv: [directory.path] });
    await new Promise((resolve) => worker.once('message', resolve));
    worker.postMessage('end');
    await new Promise((resolve) => worker.once('exit', resolve));
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test('a child that was handed the descriptor keeps it alive, when its owner has gone', { timeout }, async () => {
    using directory = temporaryDirectory();
    await using owner = await spawnFixture(holder, [directory.path, 'hand-over']);
    owner.send('go');
    await owner.nextLine();
    await owner.nextLine();
    await owner.nextLine();
    const child = Number(await owner.nextLine());
    try {
      owner.child.kill('SIGKILL');
      await eventually(() => owner.child.signalCode !== null);
      const { removed, kept } = await sweepTemporaryFiles(directory.path);
      expect([removed.length, kept.map(({ reason }) => reason)]).toEqual([1, ['live']]);
    } finally {
      process.kill(child, 'SIGKILL');
    }
    await eventually(async () => (await sweepTemporaryFiles(directory.path)).removed.length === 1);
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test('many sweeps at once remove each once', async () => {
    using directory = temporaryDirectory();
    for (let count = 0; count < 30; count++) mkdirSync(join(litter(directory.path), 'sub'), { recursive: true });
    const sweeps = await Promise.all(Array.from({ length: 4 }, () => sweepTemporaryFiles(directory.path)));
    const removed = sweeps.flatMap((sweep) => sweep.removed);
    expect(new Set(removed).size).toBe(30);
    expect(sweeps.flatMap(({ kept }) => kept).filter(({ reason }) => reason !== 'live')).toEqual([]);
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test('sweeps without a pause never take what is being made', { timeout }, async () => {
    using directory = temporaryDirectory();
    await using sweeper = await spawnFixture(new URL('./fixtures/sweeper.ts', import.meta.url), [directory.path]);
    for (let count = 0; count < 300; count++) {
      await using made = await makeTemporaryDirectory({ directory: directory.path });
      await using file = await openTemporaryFile({ directory: directory.path, named: true });
      writeFileSync(join(made.path, 'file'), '');
      expect(existsSync(file.path as string)).toBe(true);
    }
    sweeper.send('stop');
    expect(Number(await sweeper.nextLine())).toBeGreaterThan(0);
    await sweeper.exited;
    expect(readdirSync(directory.path)).toEqual([]);
  });

  needs('linux', 'unprivileged-user').test('litter that was closed to its own owner', async () => {
    using directory = temporaryDirectory('open', { mode: 0o777 });
    const nobody = { uid: 65534, gid: 65534, cwd: '/' };
    const answers = await inChild([['sweepClosed', directory.path]], nobody);
    expect(answers).toEqual([{ result: { whileLocked: ['live', '0'], removed: 2, kept: [], left: [] } }]);
  });

  needs('linux', 'unprivileged-user').test("another user's is told, and stays", async () => {
    using directory = temporaryDirectory('open', { mode: 0o777 });
    mkdirSync(litter(directory.path), { mode: 0o700 });
    writeFileSync(litter(directory.path), '', { mode: 0o600 });
    const nobody = { uid: 65534, gid: 65534, cwd: '/' };
    const [answer] = await inChild([['sweep', directory.path]], nobody);
    expect(answer?.result).toEqual(['failed EACCES', 'failed EACCES']);
    expect((await sweepTemporaryFiles(directory.path)).removed).toHaveLength(2);
  });
});

describe('by the name', () => {
  const name = (owner: Partial<ReturnType<typeof ownIdentity>>): string =>
    `osx-0123456789abcdef-${formatOwner({ ...ownIdentity(), ...owner })}.osxtmp`;

  test.each([
    ['this process', {}, 'live'],
    ['this pid, which started at another time', { startTime: '0' }, 'removed'],
    ['a pid that nobody has', { pid: 2 ** 31 - 2 }, 'removed'],
    ['another boot id in another namespace', { boot: 'bbbbbbbbbbbb', pidNamespace: '2' }, 'foreign'],
    ['another pid namespace', { pidNamespace: '2' }, 'foreign'],
  ])('%s', async (_, owner, verdict) => {
    using directory = temporaryDirectory();
    mkdirSync(join(directory.path, name(owner)));
    const { removed, kept } = await sweepTemporaryFiles(directory.path);
    expect(removed.length === 1 ? 'removed' : kept[0]?.reason).toBe(verdict);
    const vouched = await sweepTemporaryFiles(directory.path, { foreign: 'remove' });
    expect(vouched.removed).toHaveLength(verdict === 'foreign' ? 1 : 0);
  });
});

test('a directory that cannot be read is an error', async () => {
  await expect(sweepTemporaryFiles('/missing-for-sure')).rejects.toMatchObject({
    code: 'ENOENT',
    path: '/missing-for-sure',
  });
  await expect(sweepTemporaryFiles('/dev/null')).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test('the default directory is that of the environment', async () => {
  using directory = temporaryDirectory();
  mkdirSync(litter(directory.path));
  const [answer] = await inChild([['sweep']], { env: { TMPDIR: directory.path } });
  expect(answer?.result).toEqual(['removed']);
});
