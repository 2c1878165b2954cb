import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { lockHolders, tryLockFile } from '@osx/fcntl';
import { Pidfile, withPidfile } from '@osx/pidfiles';
import {
  asUnprivilegedUser,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  spawnFixture,
  temporaryDirectory,
} from '@osx/test-support';

const holder = new URL('fixtures/holder.ts', import.meta.url);

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory('pidfile', { mode: 0o755 });
  path = join(directory.path, 'job.pid');
});
afterEach(() => directory[Symbol.dispose]());

const isThere = (at = path): boolean => statSync(at, { throwIfNoEntry: false }) !== undefined;

describe('open', () => {
  test('creates an empty file, and leaves an old one as it is', () => {
    using first = Pidfile.open(path);
    expect(first).toMatchObject({ path, isLocked: false, isClosed: false });
    expect(statSync(path)).toMatchObject({ size: 0 });
    writeFileSync(path, 'old');
    const before = statSync(path, { bigint: true });
    using second = Pidfile.open(path);
    expect(readFileSync(path, 'latin1')).toBe('old');
    expect(statSync(path, { bigint: true })).toMatchObject({ ino: before.ino, mtimeNs: before.mtimeNs });
    expect(second.isLocked).toBe(false);
  });

  test('create: false; a missing directory; a file in the way', () => {
    expect(() => Pidfile.open(path, { create: false })).toThrow(expect.objectContaining({ code: 'ENOENT', path }));
    expect(isThere()).toBe(false);
    expect(() => Pidfile.open(`${path}/no/job.pid`)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    writeFileSync(path, '');
    expect(() => Pidfile.open(`${path}/job.pid`)).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
  });

  needs('root', 'unprivileged-user').test('a file of another user', async () => {
    writeFileSync(path, '', { mode: 0o644 });
    await expect(spawnFixture(holder, [path], asUnprivilegedUser)).rejects.toThrow(/EACCES/);
  });

  test('leaves no descriptor, whatever came of it', () => {
    const before = openFds();
    Pidfile.open(path).close();
    expect(() => Pidfile.open(directory.path)).toThrow(/is a directory/);
    using locked = Pidfile.open(path);
    locked.tryLock();
    const second = Pidfile.open(path);
    expect(second.tryLock()).toBe(false);
    second.close();
    locked.close();
    expectNoNewFds(before);
  });
});

describe('lock and write', () => {
  test('one of two has it, in one process too', async () => {
    using first = Pidfile.open(path);
    using second = Pidfile.open(path);
    expect([first.tryLock(), second.tryLock(), first.tryLock()]).toEqual([true, false, true]);
    expect([first.isLocked, second.isLocked]).toEqual([true, false]);
    await expect(second.lock({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    const waiting = second.lock();
    first.close();
    await waiting;
    expect(second.isLocked).toBe(true);
    await second.lock();
  });

  test('the record: the pid alone on line 1, JSON on line 2', () => {
    using pidfile = Pidfile.open(path);
    pidfile.tryLock();
    pidfile.write({ port: 80, tags: ['a'] });
    const [first, second, ...rest] = readFileSync(path, 'utf8').split('\n');
    expect([first, ...rest]).toEqual([String(process.pid), '']);
    expect(JSON.parse(second ?? '')).toMatchObject({ info: { port: 80, tags: ['a'] } });
    expect(pidfile.read()).toMatchObject({ pid: process.pid, origin: 'here', info: { port: 80 } });
  });

  test('writing again leaves nothing of the longer record before', () => {
    using pidfile = Pidfile.open(path);
    pidfile.tryLock();
    pidfile.write({ long: 'x'.repeat(3_000) });
    pidfile.write();
    expect(pidfile.read()?.info).toBe(undefined);
    pidfile.clear();
    expect(pidfile.read()).toBe(null);
    expect([statSync(path).size, pidfile.isLocked]).toEqual([0, true]);
  });

  test('not without the lock, and not after close', async () => {
    writeFileSync(path, 'old');
    const pidfile = Pidfile.open(path);
    for (const use of [() => pidfile.write(), () => pidfile.clear(), () => pidfile.fd]) {
      expect(use).toThrow(expect.objectContaining({ code: 'ERR_OSX_NOT_LOCKED', path }));
    }
    pidfile.tryLock();
    pidfile.close();
    pidfile.close();
    expect([pidfile.isLocked, pidfile.isClosed]).toEqual([false, true]);
    const uses = [
      () => pidfile.write(),
      () => pidfile.clear(),
      () => pidfile.fd,
      () => pidfile.read(),
      () => pidfile.tryLock(),
    ];
    for (const use of uses) expect(use).toThrow(expect.objectContaining({ code: 'EBADF' }));
    await expect(pidfile.lock()).rejects.toMatchObject({ code: 'EBADF' });
    await expect(pidfile.kill(0)).rejects.toMatchObject({ code: 'EBADF' });
    expect(readFileSync(path, 'latin1')).toBe('old');
  });

  test('abort, close and a second attempt while it waits', async () => {
    using held = Pidfile.open(path);
    held.tryLock();
    const before = openFds();
    const waiter = Pidfile.open(path);
    const controller = new AbortController();
    const aborted = waiter.lock({ signal: controller.signal });
    expect(() => waiter.tryLock()).toThrow(expect.objectContaining({ code: 'EALREADY' }));
    await expect(waiter.lock()).rejects.toMatchObject({ code: 'EALREADY' });
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    expect(waiter.isLocked).toBe(false);
    const closed = waiter.lock();
    waiter.close();
    await expect(closed).rejects.toMatchObject({ code: 'EBADF' });
    held.close();
    const granted = Pidfile.open(path);
    const late = granted.lock();
    granted.close();
    await expect(late).rejects.toMatchObject({ code: 'EBADF' });
    for (const [fd, target] of openFds()) if (before.get(fd) !== target) expect(target).toContain('inotify');
    using free = Pidfile.open(path);
    expect(free.tryLock()).toBe(true);
  });

  test('on the file that the path names, not on one that was unlinked or replaced after open', () => {
    using pidfile = Pidfile.open(path);
    unlinkSync(path);
    writeFileSync(`${path}.new`, 'new');
    renameSync(`${path}.new`, path);
    expect(pidfile.tryLock()).toBe(true);
    pidfile.write();
    expect(pidfile.read()?.pid).toBe(process.pid);
    unlinkSync(path);
    using other = Pidfile.open(path);
    expect(other.tryLock()).toBe(true);
  });

  test('what became a directory, a link or a FIFO after open is refused', () => {
    const cases: [() => void, string][] = [
      [() => mkdirSync(path), 'EISDIR'],
      [() => symlinkSync('/dev/null', path), 'ELOOP'],
    ];
    for (const [replace, code] of cases) {
      const pidfile = Pidfile.open(path);
      renameSync(path, `${path}.${code}`);
      replace();
      const before = openFds();
      expect(() => pidfile.tryLock()).toThrow(expect.objectContaining({ code }));
      expect(pidfile.isLocked).toBe(false);
      expectNoNewFds(before);
      renameSync(path, `${path}.${code}.done`);
    }
  });

  test('excludes flock(1) and all who lock the whole file by flock(2), both ways', async () => {
    using pidfile = Pidfile.open(path);
    {
      using _lock = tryLockFile(path, { kind: 'flock' });
      expect(pidfile.tryLock()).toBe(false);
    }
    expect(pidfile.tryLock()).toBe(true);
    expect(tryLockFile(path, { kind: 'flock' })).toBe(null);
    expect(await lockHolders(path)).toMatchObject([{ pid: process.pid, kind: 'flock', shared: false }]);
  });

  test('survives a chdir, with a relative path', async () => {
    mkdirSync(join(directory.path, 'run'));
    const chdir = new URL('fixtures/chdir.ts', import.meta.url);
    const { stdout, stderr } = await runFixture(chdir, [], { cwd: directory.path });
    expect([stdout, stderr]).toEqual([`${directory.path}/run/job.pid true true\nfalse\n`, '']);
  });
});

describe('close', () => {
  test('removes its own file; with keep it leaves it', () => {
    for (const keep of [true, false]) {
      const pidfile = Pidfile.open(path);
      pidfile.tryLock();
      pidfile.write();
      pidfile.close({ keep });
      expect(isThere()).toBe(keep);
    }
  });

  test('leaves what is not its own: not locked, not written, cleared, of another process, replaced', () => {
    Pidfile.open(path).close();
    expect(isThere()).toBe(true);
    const afterLock = (change: (pidfile: Pidfile) => void): string | undefined => {
      const pidfile = Pidfile.open(path);
      expect(pidfile.tryLock()).toBe(true);
      change(pidfile);
      pidfile.close();
      return isThere() ? readFileSync(path, 'latin1') : undefined;
    };
    expect(afterLock(() => {})).toBe('');
    expect(afterLock((pidfile) => pidfile.write())).toBe(undefined);
    expect(
      afterLock((pidfile) => {
        pidfile.write();
        pidfile.clear();
      }),
    ).toBe('');
    expect(afterLock(() => writeFileSync(path, '1\n'))).toBe('1\n');
    expect(afterLock(() => writeFileSync(path, 'garbage'))).toBe('garbage');
    // Another process with this one's pid: before a boot, in another container, or ended since.
    for (const fact of ['startTime', 'bootId', 'pidNamespace']) {
      const left = afterLock((pidfile) => {
        pidfile.write();
        const [pid = '', json = ''] = readFileSync(path, 'latin1').split('\n');
        writeFileSync(path, `${pid}\n${JSON.stringify({ ...JSON.parse(json), [fact]: '7' })}\n`);
      });
      expect(left).toContain('"7"');
    }
    const replaced = afterLock((pidfile) => {
      pidfile.write();
      const record = readFileSync(path);
      renameSync(path, `${path}.away`);
      writeFileSync(path, record);
    });
    expect(replaced).toMatch(/^\d+\n/);
    expect(isThere(`${path}.away`)).toBe(true);
  });

  test('hands over to the waiter, whose file is then not removed', async () => {
    const first = Pidfile.open(path);
    first.tryLock();
    first.write({ number: 1 });
    using second = Pidfile.open(path);
    const granted = second.lock();
    first.close();
    await granted;
    second.write({ number: 2 });
    expect(second.read()?.info).toEqual({ number: 2 });
  });

  test('`using` closes', () => {
    {
      using pidfile = Pidfile.open(path);
      pidfile.tryLock();
      pidfile.write();
    }
    expect(isThere()).toBe(false);
  });

  needs('root', 'unprivileged-user').test('where it may not be removed it stays, and there is no error', async () => {
    writeFileSync(path, '');
    chmodSync(path, 0o666);
    await using child = await spawnFixture(holder, [path], asUnprivilegedUser);
    child.send('close');
    expect(await child.nextLine()).toBe('done');
    expect(isThere()).toBe(true);
    expect(await lockHolders(path)).toEqual([]);
  });
});

describe('withPidfile', () => {
  test('for the time of the callback, and its result', async () => {
    const result = await withPidfile(path, { info: { a: 1 } }, async (pidfile) => {
      await Promise.resolve();
      return [pidfile.isLocked, isThere(), pidfile.read()?.info];
    });
    expect([...result, isThere()]).toEqual([true, true, { a: 1 }, false]);
  });

  test('closes when the callback throws, and its error is the one to see', async () => {
    const error = new Error('mine');
    await expect(withPidfile(path, undefined, () => Promise.reject(error))).rejects.toBe(error);
    expect(isThere()).toBe(false);
    await withPidfile(path, {}, async () => {
      await expect(withPidfile(path, {}, () => 'never')).rejects.toMatchObject({ code: 'EEXIST' });
    });
  });
});
