import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { flock } from '@osx/fcntl';
import { open } from '@osx/fds';
import { expectNoNewFds, needs, openFds, runTool, temporaryDirectory } from '@osx/test-support';
import { makeTemporaryDirectory, makeTemporaryDirectorySync, sweepTemporaryFiles } from '@osx/tempfiles';
import type { TemporaryDirectory, TemporaryOptions } from '@osx/tempfiles';
import { describe, expect } from 'vitest';

import { runAsync, runSync } from '../src/internal/calls.ts';
import { createDirectory } from '../src/internal/create-directory.ts';
import { createNamedFile } from '../src/internal/create-file.ts';
import { checkPlace } from '../src/internal/place.ts';
import { inChild } from './in-child.ts';

const { test } = needs('linux');

type Make = (options: TemporaryOptions<string>) => Promise<TemporaryDirectory> | TemporaryDirectory;
type Remove = (directory: TemporaryDirectory) => Promise<void> | void;

const ways: [string, Make, Remove][] = [
  ['async', (options) => makeTemporaryDirectory(options), (directory) => directory.remove()],
  ['sync', (options) => makeTemporaryDirectorySync(options), (directory) => directory.removeSync()],
];

describe.each(ways)('%s', (_, make, remove) => {
  test('an empty directory for its owner alone, which is removed', async () => {
    using directory = temporaryDirectory();
    const before = openFds();
    const made = await make({ directory: directory.path, prefix: 'a-', suffix: '.d' });
    expect(made.path).toMatch(/\/a-[0-9a-z]{16}\.osxtmp\.d$/);
    expect(statSync(made.path).mode & 0o7777).toBe(0o700);
    expect(readdirSync(made.path)).toEqual([]);
    await remove(made);
    await remove(made);
    expect(made.isClosed).toBe(true);
    expect(readdirSync(directory.path)).toEqual([]);
    expectNoNewFds(before);
  });

  test('all that is in it goes, and nothing that symlinks lead to', async () => {
    using directory = temporaryDirectory();
    const outside = join(directory.path, 'outside');
    mkdirSync(join(outside, 'kept'), { recursive: true });
    writeFileSync(join(outside, 'kept', 'file'), 'kept');
    const before = openFds();
    const made = await make({ directory: directory.path });
    mkdirSync(join(made.path, 'a', 'b'), { recursive: true });
    for (let count = 0; count < 50; count++) writeFileSync(join(made.path, 'a', `file ${count}`), '');
    writeFileSync(Buffer.concat([Buffer.from(`${made.path}/a/b/`), Buffer.from([0xff, 0x0a])]), '');
    symlinkSync(outside, join(made.path, 'link'));
    symlinkSync(join(outside, 'kept'), join(made.path, 'a', 'b', 'link'));
    symlinkSync('missing', join(made.path, 'dangling'));
    spawnSync('mkfifo', [join(made.path, 'a', 'fifo')]);
    await remove(made);
    expect(readdirSync(directory.path)).toEqual(['outside']);
    expect(readFileSync(join(outside, 'kept', 'file'), 'utf8')).toBe('kept');
    expectNoNewFds(before);
  });

  test('a tree deeper than any path is long', { timeout: 60_000 }, async () => {
    using directory = temporaryDirectory();
    const made = await make({ directory: directory.path });
    // From the bottom up, so that no path is too long for us either.
    const grown = join(made.path, 'directory');
    for (let depth = 0; depth < 500; depth++) {
      const parent = join(made.path, 'parent');
      mkdirSync(parent);
      writeFileSync(join(parent, 'file'), '');
      if (depth > 0) renameSync(grown, join(parent, 'directory'));
      renameSync(parent, grown);
    }
    await remove(made);
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test('what the program renamed is its own', async () => {
    using directory = temporaryDirectory();
    const made = await make({ directory: directory.path });
    writeFileSync(join(made.path, 'result'), 'built');
    renameSync(made.path, join(directory.path, 'final'));
    mkdirSync(made.path);
    writeFileSync(join(made.path, 'file'), "somebody else's");
    await remove(made);
    expect(readFileSync(join(directory.path, 'final', 'result'), 'utf8')).toBe('built');
    expect(readFileSync(join(made.path, 'file'), 'utf8')).toBe("somebody else's");
  });

  test('one that is gone already is no error', async () => {
    using directory = temporaryDirectory();
    const made = await make({ directory: directory.path });
    rmSync(made.path, { recursive: true });
    await remove(made);
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test('kept on purpose: stays, and no sweep takes it', async () => {
    using directory = temporaryDirectory();
    const before = openFds();
    const made = await make({ directory: directory.path });
    writeFileSync(join(made.path, 'file'), '');
    expect(made.keep()).toBe(made.path);
    expect(made.keep()).toBe(made.path);
    await remove(made);
    expect((await sweepTemporaryFiles(directory.path)).kept).toEqual([{ path: made.path, reason: 'kept' }]);
    expect(existsSync(join(made.path, 'file'))).toBe(true);
    expectNoNewFds(before);
  });

  test('cannot be kept when it is gone', async () => {
    using directory = temporaryDirectory();
    const made = await make({ directory: directory.path });
    rmSync(made.path, { recursive: true });
    expect(() => made.keep()).toThrow('ENOENT');
    await remove(made);
    expect(() => made.keep()).toThrow('ENOENT');
  });

  needs('linux', 'mount').test('what is mounted in it is left alone, and told', async () => {
    using directory = temporaryDirectory();
    const precious = join(directory.path, 'precious');
    mkdirSync(join(precious, 'sub'), { recursive: true });
    writeFileSync(join(precious, 'sub', 'file'), 'precious');
    const made = await make({ directory: directory.path });
    mkdirSync(join(made.path, 'inner', 'mounted'), { recursive: true });
    writeFileSync(join(made.path, 'inner', 'file'), '');
    // The same file system: its device number does not tell the mount.
    runTool('mount', ['--bind', precious, join(made.path, 'inner', 'mounted')]);
    try {
      const attempt = async (): Promise<unknown> => remove(made);
      await expect(attempt()).rejects.toMatchObject({ code: 'EBUSY' });
    } finally {
      runTool('umount', [join(made.path, 'inner', 'mounted')]);
    }
    expect(readFileSync(join(precious, 'sub', 'file'), 'utf8')).toBe('precious');
    expect(readdirSync(join(made.path, 'inner'))).toEqual(['mounted']);
    await remove(made);
    expect(readdirSync(directory.path)).toEqual(['precious']);
  });

  test('the group of a directory with the set-group-id bit', async () => {
    using directory = temporaryDirectory();
    chmodSync(directory.path, 0o2755);
    const made = await make({ directory: directory.path });
    expect(statSync(made.path).mode & 0o7777).toBe(0o2700);
    await remove(made);
  });
});

test('using and await using remove', async () => {
  using directory = temporaryDirectory();
  {
    using a = makeTemporaryDirectorySync({ directory: directory.path });
    await using b = await makeTemporaryDirectory({ directory: new URL(`file://${directory.path}`) });
    await using c = await makeTemporaryDirectory({ beside: join(directory.path, 'target') });
    expect(readdirSync(directory.path)).toHaveLength(3);
    expect(new Set([a.path, b.path, c.path]).size).toBe(3);
    expect(c.path).toContain('/.target.');
  }
  expect(readdirSync(directory.path)).toEqual([]);
});

test('removeSync while remove is at work is refused', async () => {
  using directory = temporaryDirectory();
  const made = await makeTemporaryDirectory({ directory: directory.path });
  const removing = made.remove();
  expect(made.remove()).toBe(removing);
  expect(() => made.removeSync()).toThrow('EALREADY');
  await removing;
  made.removeSync();
});

describe('names', () => {
  const taken = '0000000000000000.osxtmp';
  const free = '1111111111111111.osxtmp';

  test.each(['directory', 'file', 'symlink'])(
    'one that a %s has is tried again, and what is there is unharmed',
    async (kind) => {
      using directory = temporaryDirectory();
      const planted = join(directory.path, `osx-${taken}`);
      writeFileSync(join(directory.path, 'victim'), 'unharmed');
      if (kind === 'directory') mkdirSync(planted);
      else if (kind === 'file') writeFileSync(planted, 'unharmed');
      else symlinkSync('victim', planted);
      const place = checkPlace({ directory: directory.path }, 0o700);
      const names = [taken, taken, free, taken, free];
      const name = (): string => names.shift() as string;
      const made = await runAsync(createDirectory(place, name));
      expect(String(made.path)).toBe(join(directory.path, `osx-${free}`));
      runSync(made.remove());
      const file = await runAsync(createNamedFile(place, 'open', name));
      expect(String(file.path)).toBe(join(directory.path, `osx-${free}`));
      runSync(file.close());
      expect(readdirSync(directory.path)).toHaveLength(2);
      expect(readFileSync(join(directory.path, 'victim'), 'utf8')).toBe('unharmed');
    },
  );

  test('when all are taken: EEXIST', async () => {
    using directory = temporaryDirectory();
    mkdirSync(join(directory.path, `osx-${taken}`));
    const place = checkPlace({ directory: directory.path }, 0o700);
    await expect(runAsync(createDirectory(place, () => taken))).rejects.toMatchObject({ code: 'EEXIST' });
    expect(() => runSync(createNamedFile(place, 'open', () => taken))).toThrow('EEXIST');
    expect(readdirSync(directory.path)).toEqual([`osx-${taken}`]);
  });

  test('one that a sweep was at before it was locked is left to it', async () => {
    using directory = temporaryDirectory();
    const before = openFds();
    const place = checkPlace({ directory: directory.path }, 0o700);
    const names = [taken, free];
    const steps = createDirectory(place, () => names.shift() as string);
    let step = steps.next();
    // Up to the making of the first one, and then a sweep comes by.
    for (;;) {
      const outcomes = (step.value as readonly (readonly [string, ...unknown[]])[]).map((call) => {
        if (call[0] === 'mkdir') mkdirSync(call[1] as string, call[2] as number);
        return { error: undefined, value: { type: 0xef53 } };
      });
      if ((step.value as readonly (readonly unknown[])[])[0]?.[0] !== 'mkdir') {
        step = steps.next(outcomes);
        continue;
      }
      using sweeper = open(join(directory.path, `osx-${taken}`));
      flock(sweeper, 'exclusive');
      step = steps.next(outcomes);
      break;
    }
    expect(step.value).toEqual([['rmdir', join(directory.path, `osx-${taken}`)]]);
    rmSync(join(directory.path, `osx-${taken}`), { recursive: true });
    step = steps.next([{ error: undefined, value: undefined }]);
    expect(step.value).toEqual([['mkdir', join(directory.path, `osx-${free}`), 0o700]]);
    mkdirSync(join(directory.path, `osx-${free}`), 0o700);
    const last = steps.next([{ error: undefined, value: undefined }]);
    expect(last.done).toBe(true);
    if (last.done === true) runSync(last.value.remove());
    expect(readdirSync(directory.path)).toEqual([]);
    expectNoNewFds(before);
  });
});

describe('descriptors', () => {
  test('a child gets none of them', async () => {
    using directory = temporaryDirectory();
    await using made = await makeTemporaryDirectory({ directory: directory.path });
    const { stdout } = spawnSync('sh', ['-c', 'ls -l /proc/self/fd'], { encoding: 'utf8' });
    expect(stdout).not.toContain(made.path);
    expect([...openFds().values()]).toContain(made.path);
  });

  test('a deep tree goes with the few that there are', async () => {
    using directory = temporaryDirectory();
    const prefix = ['sh', '-c', 'ulimit -n 32 && exec "$@"', 'sh'];
    const [answer] = await inChild([['removeDeep', directory.path]], { prefix });
    expect(answer).toEqual({ result: [] });
  });

  test('EMFILE: rejected, and nothing is left', async () => {
    using directory = temporaryDirectory();
    // Node takes the soft limit up to the hard one.
    const prefix = ['sh', '-c', 'ulimit -n 64 && exec "$@"', 'sh'];
    const answers = await inChild([['tooMany', directory.path]], { prefix });
    const [{ codes = [], left = [] } = {}] = answers.map(
      ({ result }) => result as { codes?: string[]; left?: string[] },
    );
    expect(codes).toEqual(['EMFILE', 'EMFILE', 'EMFILE', 'EMFILE']);
    expect(left).toEqual([]);
  });
});

needs('linux', 'unprivileged-user').describe('without the rights of root', () => {
  const nobody = { uid: 65534, gid: 65534, cwd: '/' };

  test.each([0o777, 0o277, 0o477])('a directory that the umask closes to its own owner, here %o', async (umask) => {
    using directory = temporaryDirectory('open', { mode: 0o777 });
    const answers = await inChild(
      [
        ['umask', umask],
        ['modes', directory.path],
      ],
      nobody,
    );
    expect(answers[1]?.result).toEqual(['600', '600', '640', '700', '700', '750']);
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test.each([true, false])('a tree that is closed to its owner (mode 0000, 0500, 0300), sync %s', async (sync) => {
    using directory = temporaryDirectory('open', { mode: 0o777 });
    const [answer] = await inChild([['removeClosedTree', directory.path, sync]], nobody);
    expect(answer).toEqual({ result: [] });
  });

  test('what cannot be removed is told, all else is removed, and it can be tried again', async () => {
    using directory = temporaryDirectory('open', { mode: 0o777 });
    const [answer] = await inChild([['removeForeign', directory.path]], nobody);
    expect(answer?.code).toBe('EACCES');
    expect(readdirSync(directory.path)).toHaveLength(1);
  });
});

test('the lock is a shared flock(2) on the directory itself', async () => {
  using directory = temporaryDirectory();
  await using made = await makeTemporaryDirectory({ directory: directory.path });
  using shared = open(made.path);
  flock(shared, 'shared');
  using other = open(made.path);
  expect(() => flock(other, 'exclusive')).toThrow('EAGAIN');
  const held = readdirSync('/proc/self/fd').filter((fd) => linkOf(fd) === made.path);
  const locks = held.map((fd) => readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8').match(/FLOCK +ADVISORY +\w+/)?.[0]);
  expect(locks.filter((lock) => lock !== undefined).map((lock) => lock.split(/ +/))).toEqual([
    ['FLOCK', 'ADVISORY', 'READ'],
    ['FLOCK', 'ADVISORY', 'READ'],
  ]);
});

function linkOf(fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}
