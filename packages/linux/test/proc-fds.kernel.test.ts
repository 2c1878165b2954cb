import {
  constants,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { openProcess } from '@osx/linux/proc';
import { expectNoNewFds, needs, openFds, temporaryDirectory } from '@osx/test-support';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startPython } from './fixtures/python-actor.ts';

let before: ReadonlyMap<number, string>;
beforeAll(() => {
  openProcess('self').close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

needs('python3').describe('fdinfo', () => {
  test('of every descriptor that waits for events, made by Python', async () => {
    await using actor = await startPython<Record<string, number>>(`
import select
O = {}
O['event'] = libc.eventfd(7, 1 | 0o2000000)
O['counter'] = libc.eventfd(0, 0)
os.write(O['counter'], struct.pack('Q', 2**64 - 2))
O['timer'] = libc.timerfd_create(1, 0)
libc.timerfd_settime(O['timer'], 0, struct.pack('qqqq', 100, 5, 5000, 0), None)
O['signal'] = libc.signalfd(-1, struct.pack('Q', (1 << 9) | (1 << 33)), 0)
O['inotify'] = libc.inotify_init1(0)
libc.inotify_add_watch(O['inotify'], b'/', 0x106)
libc.inotify_add_watch(O['inotify'], b'/tmp', 0x200)
O['pid'] = os.pidfd_open(os.getppid())
e = select.epoll(); O['epoll'] = e.fileno()
e.register(O['event'], select.EPOLLIN | select.EPOLLET); e.register(O['timer'], select.EPOLLOUT)
print(json.dumps(O))`);
    const fds = actor.ready;
    using target = openProcess(actor.pid);
    const info = (name: string) => target.fdinfo(fds[name] as number);

    expect(info('event').eventfd).toMatchObject({ count: 7n });
    expect(info('event').eventfd?.isSemaphore ?? true).toBe(true);
    expect([info('event').isCloseOnExec, info('counter').isCloseOnExec]).toEqual([true, false]);
    expect(info('counter').eventfd?.count).toBe(2n ** 64n - 2n);
    expect(info('counter').eventfd?.isSemaphore ?? false).toBe(false);

    expect(info('timer').timerfd).toMatchObject({
      clockId: 1,
      ticks: 0n,
      settimeFlags: 0,
      intervalNs: 100_000_000_005n,
    });
    const { valueNs } = info('timer').timerfd as { valueNs: bigint };
    expect(valueNs > 0n && valueNs <= 5_000_000_000_000n).toBe(true);

    expect(info('signal').signalfd).toEqual({ mask: (1n << 9n) | (1n << 33n), names: ['SIGUSR1', 'SIGRTMIN'] });

    const inodes = ['/tmp', '/'].map((path) => statSync(path, { bigint: true }).ino);
    expect(info('inotify').inotify.map(({ inode, mask }) => [inode, mask & 0xfff])).toEqual([
      [inodes[0], 0x200],
      [inodes[1], 0x106],
    ]);
    expect(info('pid').pidfd?.pid).toBe(process.pid);
    expect(
      info('epoll')
        .epoll.toSorted((a, b) => a.fd - b.fd)
        .map(({ fd, events }) => [fd, events]),
    ).toEqual(
      [
        // EPOLLERR and EPOLLHUP are always watched.
        [fds['event'], (0x8000_0000 + 0x1 + 0x18) >>> 0],
        [fds['timer'], 0x4 + 0x18],
      ].toSorted((a, b) => (a[0] as number) - (b[0] as number)),
    );
    // Python fills the lower half.
    const { data = 0n, inode } = info('epoll').epoll.find(({ fd }) => fd === fds['timer']) ?? {};
    expect(data & 0xffff_ffffn).toBe(BigInt(fds['timer'] as number));
    expect(inode).toBeGreaterThan(0n);
    for (const name of ['event', 'timer', 'signal', 'pid']) {
      expect([info(name).inotify, info(name).epoll, info(name).locks]).toEqual([[], [], []]);
    }
  });

  test('of a file: offset, flags, mount, inode and its locks', async () => {
    using directory = temporaryDirectory('proc');
    const path = join(directory.path, 'file');
    writeFileSync(path, 'text');
    await using actor = await startPython<number[]>(
      `
f = os.open(os.environ['FILE'], os.O_RDWR | os.O_APPEND)
g = os.open(os.environ['FILE'], os.O_RDONLY)
os.lseek(f, 3, 0)
fcntl.lockf(f, fcntl.LOCK_EX, 10, 5)
fcntl.flock(g, fcntl.LOCK_SH)
h = os.open(os.environ['FILE'], os.O_RDWR)
fcntl.fcntl(h, 37, struct.pack('hhqqi4x', 1, 0, 2**62, 0, 0))
print(json.dumps([f, g, h]))`,
      { env: { ...process.env, FILE: path } },
    );
    const [f, g, h] = actor.ready as [number, number, number];
    using target = openProcess(actor.pid);
    const info = target.fdinfo(f);
    expect(info).toMatchObject({ pos: 3n, isCloseOnExec: true });
    expect(info.flags & 3).toBe(constants.O_RDWR);
    expect(info.flags & constants.O_APPEND).toBe(constants.O_APPEND);
    const { ino } = statSync(path, { bigint: true });
    if (info.ino !== undefined) expect(info.ino).toBe(ino);
    expect(target.mountinfo().map(({ id }) => id)).toContain(info.mntId);
    expect(info.locks).toMatchObject([
      {
        kind: 'posix',
        mode: 'advisory',
        type: 'write',
        pid: actor.pid,
        inode: ino,
        start: 5n,
        end: 14n,
        isBlocked: false,
      },
    ]);
    expect(target.fdinfo(g).locks.filter(({ kind }) => kind === 'flock')).toMatchObject([
      { type: 'read', pid: actor.pid, start: 0n, end: null },
    ]);
    expect(target.fdinfo(h).locks.filter(({ kind }) => kind === 'ofd')).toMatchObject([
      { type: 'write', pid: null, start: 2n ** 62n, end: null },
    ]);
  });

  test('a descriptor that is not there', async () => {
    await using actor = await startPython('print(1)');
    using target = openProcess(actor.pid);
    expect(() => target.fdinfo(999)).toThrow(
      `EBADF: process ${actor.pid} has no descriptor 999, open '/proc/${actor.pid}/fdinfo/999'`,
    );
  });

  test('an offset beyond 2^53 is exact', async () => {
    await using actor = await startPython<number>(
      `f = os.open('/proc/self/mem', os.O_RDONLY); os.lseek(f, 2**53 + 1, 0); print(f)`,
    );
    using target = openProcess(actor.pid);
    expect(target.fdinfo(actor.ready).pos).toBe(2n ** 53n + 1n);
  });
});

test('every open descriptor of this process, in order, as it is', () => {
  using self = openProcess('self');
  const fds = self.fds();
  const expected = openFds();
  expect([...fds.keys()]).toEqual([...fds.keys()].toSorted((a, b) => a - b));
  expect([...fds].map(([fd, { target }]) => [fd, target])).toEqual([...expected].toSorted(([a], [b]) => a - b));
  expect(fds.get(self.fd)).toEqual({ target: `/proc/${process.pid}`, isDeleted: false });
  expect(String(self.fds({ encoding: 'buffer' }).get(self.fd)?.target)).toBe(`/proc/${process.pid}`);
});

needs('linux').describe('links', () => {
  test('a deleted file, a replaced one, and one that is called so', () => {
    using directory = temporaryDirectory('proc');
    const path = (name: string): string => join(directory.path, name);
    for (const name of ['plain', 'gone', 'replaced', 'other', 'called so (deleted)', 'twice (deleted)']) {
      writeFileSync(path(name), name);
    }
    const names = ['plain', 'gone', 'replaced', 'called so (deleted)', 'twice (deleted)'];
    const opened = names.map((name) => openSync(path(name), 'r'));
    try {
      rmSync(path('gone'));
      renameSync(path('other'), path('replaced'));
      rmSync(path('twice (deleted)'));
      // A file that has the very name that the kernel gives the deleted one.
      writeFileSync(path('gone (deleted)'), '');
      using self = openProcess('self');
      const fds = self.fds();
      expect(opened.map((fd) => fds.get(fd))).toEqual([
        { target: path('plain'), isDeleted: false },
        { target: path('gone'), isDeleted: true },
        { target: path('replaced'), isDeleted: true },
        { target: path('called so (deleted)'), isDeleted: false },
        { target: path('twice (deleted)'), isDeleted: true },
      ]);
    } finally {
      for (const fd of opened) closeSync(fd);
    }
  });

  needs('python3').test('a removed directory, a removed program, a memfd, names that are not UTF-8', async () => {
    using directory = temporaryDirectory('proc');
    const program = join(directory.path, 'sl\neep');
    writeFileSync(program, readFileSync('/bin/sleep'), { mode: 0o755 });
    const work = join(directory.path, 'place');
    mkdirSync(work);
    await using actor = await startPython<{ pid: number; memfd: number; odd: number }>(
      `
pid = fork(lambda: (os.chdir('place'), os.execv('../sl\\neep', ['x', '600'])))
while os.readlink('/proc/%d/cwd' % pid)[-6:] != '/place' or b'x\\0' not in open('/proc/%d/cmdline' % pid, 'rb').read(): time.sleep(0.01)
memfd = os.memfd_create('name'); odd = os.open(b'\\xff', os.O_CREAT | os.O_RDWR)
print(json.dumps({'pid': pid, 'memfd': memfd, 'odd': odd}))`,
      { cwd: directory.path },
    );
    using child = openProcess(actor.ready.pid);
    expect(child.exe()).toEqual({ target: program, isDeleted: false });
    expect(child.cwd()).toEqual({ target: work, isDeleted: false });
    rmdirSync(work);
    rmSync(program);
    expect(child.exe()).toEqual({ target: program, isDeleted: true });
    expect(child.cwd()).toEqual({ target: work, isDeleted: true });
    expect(child.exe({ encoding: 'buffer' })).toEqual({ target: Buffer.from(program), isDeleted: true });

    using python = openProcess(actor.pid);
    expect(python.fds().get(actor.ready.memfd)).toEqual({ target: '/memfd:name', isDeleted: true });
    const odd = python.fds({ encoding: 'buffer' }).get(actor.ready.odd);
    expect(odd?.target.toString('latin1')).toBe(`${directory.path}/\xff`);
    expect(python.fds().get(actor.ready.odd)?.target).toBe(`${directory.path}/\uFFFD`);
  });

  needs('root', 'python3').test('a process in another root: its paths are as this process sees them', async () => {
    using directory = temporaryDirectory('proc');
    writeFileSync(join(directory.path, 'called (deleted)'), '');
    await using actor = await startPython<number>(
      `os.chroot(os.environ['ROOT']); os.chdir('/'); print(os.open('/called (deleted)', os.O_RDONLY))`,
      { env: { ...process.env, ROOT: directory.path } },
    );
    using target = openProcess(actor.pid);
    expect([target.root(), target.cwd()]).toEqual([
      { target: directory.path, isDeleted: false },
      { target: directory.path, isDeleted: false },
    ]);
    const opened = target.fds().get(actor.ready);
    expect(opened).toEqual({ target: join(directory.path, 'called (deleted)'), isDeleted: false });
  });

  needs('mount', 'python3').test('a file named so that only the other’s mount namespace has', async () => {
    await using actor = await startPython<number[]>(
      `
libc.mount(b'none', b'/mnt', b'tmpfs', 0, None)
open('/mnt/there (deleted)', 'w'); open('/mnt/gone', 'w')
fds = [os.open('/mnt/there (deleted)', os.O_RDONLY), os.open('/mnt/gone', os.O_RDONLY)]
os.unlink('/mnt/gone')
print(json.dumps(fds))`,
      { prefix: ['unshare', '--mount', '--propagation', 'private'] },
    );
    using target = openProcess(actor.pid);
    const fds = target.fds();
    expect(actor.ready.map((fd) => fds.get(fd))).toEqual([
      { target: '/mnt/there (deleted)', isDeleted: false },
      { target: '/mnt/gone', isDeleted: true },
    ]);
    expect(target.mountinfo().at(-1)).toMatchObject({ mountPoint: '/mnt', fsType: 'tmpfs', source: 'none' });
  });
});

needs('python3').test('limits, against Python', async () => {
  await using actor = await startPython<Record<string, number[]>>(`
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (100, 200)); resource.setrlimit(resource.RLIMIT_CORE, (0, 2**63 - 1))
print(json.dumps({n: resource.getrlimit(getattr(resource, n)) for n in dir(resource) if n.startswith('RLIMIT_') and n != 'RLIMIT_OFILE'}))`);
  using target = openProcess(actor.pid);
  const limits = target.limits();
  expect(limits.get('RLIMIT_NOFILE')).toEqual({ soft: 100n, hard: 200n, unit: 'files' });
  for (const [name, [soft, hard]] of Object.entries(actor.ready)) {
    const found = limits.get(name);
    // Python reads the hard limit of 2^63 - 1 as it is; -1 is unlimited.
    if (name === 'RLIMIT_CORE') expect(found?.hard).toBe(2n ** 63n - 1n);
    else
      expect(
        [found?.soft, found?.hard].map((value) => Number(value ?? -1)),
        name,
      ).toEqual([soft, hard]);
  }
});
