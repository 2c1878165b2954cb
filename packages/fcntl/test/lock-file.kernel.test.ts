import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { getFdFlags, lockFile, tryLockFile, withFileLock } from '@osx/fcntl';
import type { LockKind } from '@osx/fcntl';
import {
  asUnprivilegedUser,
  eventually,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  runTool,
  temporaryDirectory,
} from '@osx/test-support';

const processWide = new URL('fixtures/process-wide.ts', import.meta.url);

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory('lock');
  path = join(directory.path, 'lock');
});
afterEach(() => directory[Symbol.dispose]());

describe.each<LockKind>(['ofd', 'flock', 'posix'])('%s', (kind) => {
  test('held once in one thread; free after release', async () => {
    const first = await lockFile(path, { kind });
    expect(tryLockFile(path, { kind })).toBe(null);
    await expect(lockFile(path, { kind, timeoutMs: 0 })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      syscall: kind === 'flock' ? 'flock' : 'fcntl',
      path,
    });
    first.release();
    tryLockFile(path, { kind })?.release();
    (await lockFile(path, { kind, timeoutMs: 0 })).release();
  });

  test('shared locks go together and exclude the exclusive one', async () => {
    const shared = [await lockFile(path, { kind, shared: true }), await lockFile(path, { kind, shared: true })];
    expect(tryLockFile(path, { kind })).toBe(null);
    shared[0]?.release();
    expect(tryLockFile(path, { kind })).toBe(null);
    shared[1]?.release();
    using exclusive = tryLockFile(path, { kind });
    expect(exclusive).not.toBe(null);
    expect(tryLockFile(path, { kind, shared: true })).toBe(null);
  });

  test('waiters are served in order, shared ones together', async () => {
    const order: string[] = [];
    const holder = await lockFile(path, { kind });
    const wait = async (name: string, shared: boolean) => {
      const lock = await lockFile(path, { kind, shared });
      order.push(`+${name}`);
      await Promise.resolve();
      await Promise.resolve();
      order.push(`-${name}`);
      lock.release();
    };
    const all = [wait('a', false), wait('b', true), wait('c', true), wait('d', false), wait('e', true)];
    holder.release();
    await Promise.all(all);
    expect(order).toEqual(['+a', '-a', '+b', '+c', '-b', '-c', '+d', '-d', '+e', '-e']);
  });
});

describe('the lock', () => {
  test('says what it is, and that it is over', async () => {
    const lock = await lockFile(path, { shared: true, start: 10, length: 2n ** 60n });
    expect(lock).toMatchObject({ path, kind: 'ofd', shared: true, start: 10, length: 2n ** 60n, isReleased: false });
    expect(getFdFlags(lock.fd)).toBe(1);
    lock.release();
    lock.release();
    expect(lock.isReleased).toBe(true);
    expect(() => lock.fd).toThrow(expect.objectContaining({ code: 'EBADF', path }));
  });

  test('is released at the end of a block, also by await using', async () => {
    {
      using _lock = await lockFile(path);
      expect(tryLockFile(path)).toBe(null);
    }
    {
      await using _lock = await lockFile(path);
      expect(tryLockFile(path)).toBe(null);
    }
    tryLockFile(path)?.release();
  });

  test('leaves the file, and what is in it', async () => {
    writeFileSync(path, 'content');
    (await lockFile(path)).release();
    expect(readFileSync(path, 'utf8')).toBe('content');
  });
});

describe('withFileLock', () => {
  test('returns what the callback returns, holding the lock meanwhile', async () => {
    const result = await withFileLock(path, { shared: true }, async (lock) => {
      await Promise.resolve();
      expect(tryLockFile(path)).toBe(null);
      return lock.shared;
    });
    expect(result).toBe(true);
    tryLockFile(path)?.release();
  });

  test.each(['throws', 'rejects'])('releases when the callback %s, and keeps its error', async (how) => {
    const error = new Error('of the callback');
    const callback = () => {
      if (how === 'throws') throw error;
      return Promise.reject(error);
    };
    await expect(withFileLock(path, {}, callback)).rejects.toBe(error);
    expect(tryLockFile(path)).not.toBe(null);
  });

  test("keeps the callback's error when the descriptor was closed by number under it", async () => {
    const error = new Error('of the callback');
    await expect(
      withFileLock(path, {}, (lock) => {
        process.getBuiltinModule('node:fs').closeSync(lock.fd);
        throw error;
      }),
    ).rejects.toBe(error);
  });
});

describe('paths', () => {
  test('bytes, file URLs, and names that are not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from(`${directory.path}/`), Buffer.from([0xff, 0xfe])]);
    using _lock = await lockFile(bytes);
    expect(tryLockFile(bytes)).toBe(null);
    using _other = await lockFile(pathToFileURL(path));
    expect(tryLockFile(path)).toBe(null);
  });

  test('symbolic links and hard links lead to one lock, and to one queue', async () => {
    writeFileSync(path, '');
    symlinkSync(path, `${path}.symbolic`);
    linkSync(path, `${path}.hard`);
    const lock = await lockFile(path);
    expect([tryLockFile(`${path}.symbolic`), tryLockFile(`${path}.hard`)]).toEqual([null, null]);
    const order: number[] = [];
    const waiting = ['.hard', '.symbolic', ''].map(async (suffix, index) => {
      const next = await lockFile(path + suffix);
      order.push(index);
      next.release();
    });
    lock.release();
    await Promise.all(waiting);
    expect(order).toEqual([0, 1, 2]);
  });

  test('a dangling symbolic link: its target is made', async () => {
    symlinkSync(join(directory.path, 'target'), path);
    using _lock = await lockFile(path);
    expect(existsSync(join(directory.path, 'target'))).toBe(true);
  });

  test('no symbolic link with followSymlinks: false, and nothing is made where it leads', async () => {
    const target = join(directory.path, 'target');
    symlinkSync(target, path);
    for (const kind of ['ofd', 'flock', 'posix'] as const) {
      const options = { kind, followSymlinks: false };
      await expect(lockFile(path, options)).rejects.toMatchObject({ code: 'ELOOP', path });
      expect(() => tryLockFile(path, { ...options, shared: true })).toThrow(expect.objectContaining({ code: 'ELOOP' }));
      expect(existsSync(target)).toBe(false);
      using lock = await lockFile(target, options);
      expect(tryLockFile(target, options)).toBe(null);
      lock.release();
      rmSync(target);
    }
  });

  test('a link put in its place while it waits is not followed either', async () => {
    using lock = await lockFile(path);
    const waiting = lockFile(path, { followSymlinks: false, timeoutMs: 20_000 });
    renameSync(path, `${path}.away`);
    symlinkSync(`${path}.away`, path);
    await expect(waiting).rejects.toMatchObject({ code: 'ELOOP' });
    expect(lock.isReleased).toBe(false);
  });

  test('a directory is refused', async () => {
    const before = openFds();
    for (const shared of [true, false]) {
      await expect(lockFile(directory.path, { shared })).rejects.toMatchObject({
        code: 'EISDIR',
        path: directory.path,
      });
    }
    expectNoNewFds(before);
  });

  test('what open(2) says: missing with create: false, no such directory, a loop', async () => {
    await expect(lockFile(path, { create: false })).rejects.toMatchObject({
      name: 'SystemError',
      code: 'ENOENT',
      path,
    });
    expect(() => tryLockFile(join(path, 'below'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    symlinkSync(path, path);
    await expect(lockFile(path)).rejects.toMatchObject({ code: 'ELOOP' });
  });

  test('a FIFO that nobody else has open does not hang it', async () => {
    runTool('mkfifo', [path]);
    const { stdout } = await runFixture(processWide, ['fifo', path], { timeoutMs: 10_000 });
    expect(stdout).toBe('not blocked\n');
  });

  test('the umask cuts the mode of a new file', async () => {
    const { stdout } = await runFixture(processWide, ['umask', directory.path]);
    expect(stdout).toBe('640 600\n');
  });

  test('a relative path means what it meant when it was given', async () => {
    const { stdout, stderr } = await runFixture(processWide, ['chdir', directory.path]);
    expect({ stdout, stderr }).toEqual({ stdout: 'true false\n', stderr: '' });
  });

  needs('unprivileged-user').test('a file and a directory that may only be read', async () => {
    using open = temporaryDirectory('read-only', { mode: 0o755 });
    writeFileSync(join(open.path, 'file'), '', { mode: 0o644 });
    const { stdout, stderr } = await runFixture(processWide, ['read-only', open.path], asUnprivilegedUser);
    expect({ stdout, stderr }).toEqual({ stdout: 'locked EACCES locked EACCES\n', stderr: '' });
  });

  needs('root').test("another user's file in a sticky directory, in spite of fs.protected_regular", async () => {
    const sticky = join(directory.path, 'sticky');
    mkdirSync(sticky, { mode: 0o777 });
    process.getBuiltinModule('node:fs').chmodSync(sticky, 0o1777);
    const file = join(sticky, 'file');
    writeFileSync(file, '');
    process.getBuiltinModule('node:fs').chownSync(file, 65534, 65534);
    using lock = tryLockFile(file);
    expect(lock).not.toBe(null);
  });
});

describe('ranges', () => {
  test('apart, they do not hinder each other, nor do their waiters', async () => {
    const [a, b] = [
      { start: 0, length: 10 },
      { start: 10, length: 10 },
    ];
    const holderOfA = await lockFile(path, a);
    expect(tryLockFile(path, { start: 9, length: 1 })).toBe(null);
    const waitingForA = lockFile(path, a);
    const holderOfB = await lockFile(path, b);
    const waitingForB = lockFile(path, b);
    holderOfB.release();
    (await waitingForB).release();
    holderOfA.release();
    (await waitingForA).release();
  });

  test('the whole file waits for all of them, and those who come later for it', async () => {
    const parts = await Promise.all([0, 10, 20].map((start) => lockFile(path, { start, length: 10 })));
    let isWhole = false;
    const whole = lockFile(path).then((lock) => {
      isWhole = true;
      return lock;
    });
    const late = lockFile(path, { start: 1_000 });
    parts[0]?.release();
    parts[1]?.release();
    await new Promise(setImmediate);
    expect(isWhole).toBe(false);
    parts[2]?.release();
    (await whole).release();
    (await late).release();
  });
});

describe('descriptors', () => {
  test('none is left by refusals, timeouts, aborts and releases', async () => {
    await lockFile(path, { timeoutMs: 5 }).then((lock) => lock.release());
    const before = openFds();
    const lock = await lockFile(path);
    expect(tryLockFile(path)).toBe(null);
    await expect(lockFile(path, { timeoutMs: 1 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await expect(lockFile(path, { signal: AbortSignal.timeout(1) })).rejects.toMatchObject({ name: 'TimeoutError' });
    const waiting = lockFile(path);
    lock.release();
    (await waiting).release();
    // The inotify instance of the thread stays for a second.
    await eventually(() => {
      expectNoNewFds(before);
      return true;
    });
  });
});
