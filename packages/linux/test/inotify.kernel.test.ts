import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import { isSystemError } from '@osx/errors';
import {
  IN_ALL_EVENTS,
  IN_ATTRIB,
  IN_CLOSE,
  IN_CLOSE_WRITE,
  IN_CREATE,
  IN_DELETE,
  IN_DELETE_SELF,
  IN_EXCL_UNLINK,
  IN_MODIFY,
  IN_MOVE,
  IN_ONESHOT,
  IN_OPEN,
  Inotify,
} from '@osx/linux/inotify';
import {
  codeThrownBy,
  expectNoNewFds,
  mountTmpfs,
  needs,
  openFds,
  temporaryDirectory,
  threadCount,
} from '@osx/test-support';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { describeEvents, eventsUntil, kernelWatches } from './fixtures/inotify-oracle.ts';

let before: ReadonlyMap<number, string>;
beforeAll(() => {
  using inotify = Inotify.open();
  inotify.close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

describe('events', () => {
  test('of a file written and closed, in the order of the system calls', async () => {
    using directory = temporaryDirectory('inotify');
    using inotify = Inotify.open();
    const watch = inotify.addWatch(directory.path, IN_ALL_EVENTS);
    writeFileSync(join(directory.path, 'a'), 'data');
    unlinkSync(join(directory.path, 'a'));
    const events = await eventsUntil(inotify, (event) => (event.mask & IN_DELETE) !== 0);
    expect(describeEvents(events)).toEqual([
      'a IN_CREATE',
      'a IN_OPEN',
      'a IN_MODIFY',
      'a IN_CLOSE_WRITE',
      'a IN_DELETE',
    ]);
    expect(events.every((event) => event.watch === watch && event.wd === watch.wd)).toBe(true);
  });

  test('of the watched file itself carry no name', async () => {
    using directory = temporaryDirectory('inotify');
    const file = join(directory.path, 'file');
    writeFileSync(file, '');
    using inotify = Inotify.open();
    inotify.addWatch(file, IN_ATTRIB);
    chmodSync(file, 0o600);
    const [event] = await eventsUntil(inotify, () => true);
    expect(event).toMatchObject({ name: undefined, nameBytes: undefined, isDirectory: false, cookie: 0 });
  });

  test('both halves of a rename share a cookie, other events have 0', async () => {
    using directory = temporaryDirectory('inotify');
    const [from, to] = [join(directory.path, 'from'), join(directory.path, 'to')];
    mkdirSync(from);
    mkdirSync(to);
    using inotify = Inotify.open();
    const source = inotify.addWatch(from, IN_MOVE | IN_CREATE);
    const target = inotify.addWatch(to, IN_MOVE | IN_CREATE);
    for (const name of ['x', 'y']) writeFileSync(join(from, name), '');
    for (const name of ['x', 'y']) renameSync(join(from, name), join(to, `${name}2`));
    const events = await eventsUntil(inotify, (event) => event.name === 'y2');
    const moves = events.filter((event) => (event.mask & IN_MOVE) !== 0);
    expect(moves.map((event) => [event.watch, event.name])).toEqual([
      [source, 'x'],
      [target, 'x2'],
      [source, 'y'],
      [target, 'y2'],
    ]);
    const [x, x2, y, y2] = moves.map((event) => event.cookie);
    expect(x).toBe(x2);
    expect(y).toBe(y2);
    expect(x).not.toBe(y);
    expect(x).not.toBe(0);
    expect(events.filter((event) => (event.mask & IN_CREATE) !== 0).every((event) => event.cookie === 0)).toBe(true);
  });

  test('keep the bytes of a name that is not UTF-8, and of the longest', async () => {
    using directory = temporaryDirectory('inotify');
    using inotify = Inotify.open();
    inotify.addWatch(directory.path, IN_CREATE);
    const latin1 = Buffer.from([0x66, 0xfc, 0x72]);
    const longest = 'n'.repeat(255);
    for (const name of [latin1, Buffer.from('für'), Buffer.from(longest)]) {
      writeFileSync(Buffer.concat([Buffer.from(`${directory.path}/`), name]), '');
    }
    const events = await eventsUntil(inotify, (event) => event.name === longest);
    expect(events.map((event) => [event.name, event.nameBytes?.toString('latin1')])).toEqual([
      [undefined, latin1.toString('latin1')],
      ['für', Buffer.from('für').toString('latin1')],
      [longest, longest],
    ]);
  });

  test('of a directory say so', async () => {
    using directory = temporaryDirectory('inotify');
    using inotify = Inotify.open();
    inotify.addWatch(directory.path, IN_CREATE);
    mkdirSync(join(directory.path, 'sub'));
    const [event] = await eventsUntil(inotify, () => true);
    expect(event).toMatchObject({ name: 'sub', isDirectory: true, isOverflow: false, isIgnored: false });
    expect(event?.maskNames).toEqual(['IN_CREATE', 'IN_ISDIR']);
  });

  test('wake the event loop without a thread, also from another process', async () => {
    using directory = temporaryDirectory('inotify');
    const threads = threadCount();
    using inotify = Inotify.open();
    inotify.addWatch(directory.path, IN_CLOSE_WRITE);
    const arrived = eventsUntil(inotify, () => true);
    execFileSync('touch', [join(directory.path, 'touched')]);
    expect(describeEvents(await arrived)).toEqual(['touched IN_CLOSE_WRITE']);
    expect(threadCount()).toBe(threads);
  });

  test('a smallest buffer reads every event, only in more reads', async () => {
    using directory = temporaryDirectory('inotify');
    using inotify = Inotify.open({ readBufferBytes: 272, maxBufferedEvents: 17 });
    inotify.addWatch(directory.path, IN_CREATE);
    const names = Array.from({ length: 100 }, (_, index) => `${index}`.padStart(1 + ((index * 37) % 255), '0'));
    for (const name of names) writeFileSync(join(directory.path, name), '');
    const events = await eventsUntil(inotify, (event) => event.name === names.at(-1));
    expect(events.map((event) => event.name)).toEqual(names);
  });
});

describe('the callback', () => {
  test('gets each event in order, of every watch, and the iterator is refused', async () => {
    using directory = temporaryDirectory('inotify');
    const files = ['a', 'b'].map((name) => join(directory.path, name));
    for (const file of files) writeFileSync(file, '');
    const seen: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    using inotify = Inotify.open({
      onEvent: (event) => {
        seen.push([event.watch?.path, event.maskNames]);
        if (seen.length === 4) resolve();
      },
    });
    for (const file of files) inotify.addWatch(file, IN_OPEN | IN_CLOSE);
    for (const file of files) closeSync(openSync(file, 'r'));
    await promise;
    expect(seen).toEqual(
      files.flatMap((file) => [
        [file, ['IN_OPEN']],
        [file, ['IN_CLOSE_NOWRITE']],
      ]),
    );
    expect(codeThrownBy(() => inotify.events())).toBe('ERR_INVALID_ARG_VALUE');
  });

  test('that removes a watch, or closes the instance, gets no more of the batch', async () => {
    using directory = temporaryDirectory('inotify');
    const [a, b] = [join(directory.path, 'a'), join(directory.path, 'b')];
    for (const file of [a, b]) writeFileSync(file, '');
    const seen: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    using inotify = Inotify.open({
      onEvent: (event) => {
        seen.push(event.watch?.path);
        if (event.watch?.path === a) expect(event.watch.remove()).toBe(true);
        if (event.watch?.path === b) {
          inotify.close();
          setImmediate(resolve);
        }
      },
    });
    for (const file of [a, b]) inotify.addWatch(file, IN_OPEN | IN_CLOSE);
    for (const file of [a, a, b, b]) closeSync(openSync(file, 'r'));
    await promise;
    expect(seen).toEqual([a, b]);
  });

  test('that throws costs nobody an event, and its exception is an uncaught one', async () => {
    using directory = temporaryDirectory('inotify');
    const uncaught: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => uncaught.push(error));
    try {
      const names: unknown[] = [];
      const { promise, resolve } = Promise.withResolvers<void>();
      using inotify = Inotify.open({
        onEvent: (event) => {
          names.push(event.name);
          if (event.name === 'b') setImmediate(resolve);
          throw new Error(`no ${event.name}`);
        },
      });
      inotify.addWatch(directory.path, IN_CREATE);
      for (const name of ['a', 'b']) mkdirSync(join(directory.path, name));
      await promise;
      expect(names).toEqual(['a', 'b']);
      expect(uncaught.map(String)).toEqual(['Error: no a', 'Error: no b']);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });

  test('hears of a read that failed, and the instance is closed', async () => {
    const { promise, resolve } = Promise.withResolvers<Error>();
    using directory = temporaryDirectory('inotify');
    using inotify = Inotify.open({ onEvent: () => {}, onError: resolve });
    const number = inotify.fd;
    inotify.addWatch(directory.path, IN_CREATE);
    // Somebody else closes our descriptor: the watch keeps its duplicate, the read finds a directory under the number.
    closeSync(number);
    expect(openSync(directory.path, 'r')).toBe(number);
    mkdirSync(join(directory.path, 'sub'));
    const error = await promise;
    expect(isSystemError(error, 'EISDIR')).toBe(true);
    expect(error).toMatchObject({ syscall: 'read' });
    expect(inotify.isClosed).toBe(true);
  });
});

describe('watches', () => {
  test('are what the kernel has: number, inode, mask', () => {
    using directory = temporaryDirectory('inotify');
    const file = join(directory.path, 'file');
    writeFileSync(file, '');
    using inotify = Inotify.open();
    const watches = [
      inotify.addWatch(directory.path, IN_CREATE | IN_DELETE, { onlyDirectory: true, excludeUnlinked: true }),
      inotify.addWatch(Buffer.from(file), IN_CLOSE, { oneshot: true }),
    ];
    const kernel = kernelWatches(inotify).toSorted((a, b) => a.wd - b.wd);
    expect(kernel).toEqual([
      { wd: watches[0]?.wd, ino: statSync(directory.path).ino, mask: IN_CREATE | IN_DELETE | IN_EXCL_UNLINK },
      { wd: watches[1]?.wd, ino: statSync(file).ino, mask: kernel[1]?.mask },
    ]);
    expect((kernel[1]?.mask ?? 0) & IN_ALL_EVENTS).toBe(IN_CLOSE);
    expect(watches.map((watch) => watch.mask)).toEqual([
      IN_CREATE | IN_DELETE | IN_EXCL_UNLINK,
      (IN_CLOSE | IN_ONESHOT) >>> 0,
    ]);
    expect(inotify.watches).toEqual(watches);
  });

  test('of the same inode are one object, with the mask replaced', () => {
    using directory = temporaryDirectory('inotify');
    const [file, link] = [join(directory.path, 'file'), join(directory.path, 'link')];
    writeFileSync(file, '');
    linkSync(file, link);
    using inotify = Inotify.open();
    const watch = inotify.addWatch(file, IN_CLOSE | IN_MODIFY);
    expect(watch).toMatchObject({ path: file, additions: 1, previousMask: undefined });
    expect(inotify.addWatch(link, IN_OPEN)).toBe(watch);
    expect(watch).toMatchObject({ path: link, additions: 2, previousMask: IN_CLOSE | IN_MODIFY, mask: IN_OPEN });
    expect(kernelWatches(inotify)).toMatchObject([{ wd: watch.wd, mask: IN_OPEN }]);
  });

  test("mode 'add' adds to the mask, 'create' refuses", () => {
    using directory = temporaryDirectory('inotify');
    using inotify = Inotify.open();
    const watch = inotify.addWatch(directory.path, IN_CREATE, { mode: 'create' });
    inotify.addWatch(directory.path, IN_DELETE, { mode: 'add' });
    expect(watch.mask).toBe(IN_CREATE | IN_DELETE);
    expect(kernelWatches(inotify)).toMatchObject([{ mask: IN_CREATE | IN_DELETE }]);
    expect(codeThrownBy(() => inotify.addWatch(directory.path, IN_MODIFY, { mode: 'create' }))).toBe('EEXIST');
    expect(kernelWatches(inotify)).toMatchObject([{ mask: IN_CREATE | IN_DELETE }]);
    expect(watch.additions).toBe(2);
  });

  test('follow a symbolic link or do not', () => {
    using directory = temporaryDirectory('inotify');
    const [file, link] = [join(directory.path, 'file'), join(directory.path, 'link')];
    writeFileSync(file, '');
    symlinkSync(file, link);
    using inotify = Inotify.open();
    const target = inotify.addWatch(link, IN_CLOSE);
    expect(inotify.addWatch(file, IN_CLOSE)).toBe(target);
    expect(inotify.addWatch(link, IN_CLOSE, { dontFollow: true })).not.toBe(target);
  });

  test('can be of an open file by its descriptor, whatever its name', async () => {
    using directory = temporaryDirectory('inotify');
    const file = join(directory.path, 'file');
    const fd = openSync(file, 'w');
    unlinkSync(file);
    using inotify = Inotify.open();
    inotify.addWatch(`/proc/self/fd/${fd}`, IN_MODIFY | IN_CLOSE);
    writeSync(fd, 'x');
    closeSync(fd);
    const events = await eventsUntil(inotify, (event) => event.isIgnored);
    expect(describeEvents(events)).toEqual(['- IN_MODIFY', '- IN_CLOSE_WRITE', '- IN_IGNORED']);
  });

  test('end by IN_IGNORED when the object is deleted, and one-shot ones with their first event', async () => {
    using directory = temporaryDirectory('inotify');
    const [file, once] = [join(directory.path, 'file'), join(directory.path, 'once')];
    for (const path of [file, once]) writeFileSync(path, '');
    using inotify = Inotify.open();
    const shot = inotify.addWatch(once, IN_OPEN, { oneshot: true });
    const watch = inotify.addWatch(file, IN_DELETE_SELF);
    for (let round = 0; round < 3; round += 1) closeSync(openSync(once, 'r'));
    rmSync(file);
    const events = await eventsUntil(inotify, (event) => event.isIgnored && event.watch === watch);
    expect(events.map((event) => [event.watch, ...event.maskNames])).toEqual([
      [shot, 'IN_OPEN'],
      [shot, 'IN_IGNORED'],
      [watch, 'IN_DELETE_SELF'],
      [watch, 'IN_IGNORED'],
    ]);
    expect([shot.isActive, watch.isActive, inotify.watches.length]).toEqual([false, false, 0]);
    expect(shot.remove()).toBe(false);
    expect(kernelWatches(inotify)).toEqual([]);
  });

  test('that were removed deliver nothing more: neither what is queued nor what is buffered nor IN_IGNORED', async () => {
    using directory = temporaryDirectory('inotify');
    const [kept, removed] = [join(directory.path, 'kept'), join(directory.path, 'removed')];
    for (const path of [kept, removed]) writeFileSync(path, '');
    using inotify = Inotify.open();
    inotify.addWatch(kept, IN_OPEN);
    const watch = inotify.addWatch(removed, IN_OPEN | IN_CLOSE);

    closeSync(openSync(removed, 'r'));
    expect(inotify.removeWatch(watch)).toBe(true);
    closeSync(openSync(kept, 'r'));
    expect(describeEvents(await eventsUntil(inotify, () => true))).toEqual(['- IN_OPEN']);

    const again = inotify.addWatch(removed, IN_OPEN | IN_CLOSE);
    expect(again).not.toBe(watch);
    closeSync(openSync(kept, 'r'));
    closeSync(openSync(removed, 'r'));
    // The first event is delivered: so the others have been read into the buffer.
    await eventsUntil(inotify, () => true);
    expect(again.remove()).toBe(true);
    expect(again.remove()).toBe(false);
    closeSync(openSync(kept, 'r'));
    const events = await eventsUntil(inotify, () => true);
    expect(events.map((event) => event.watch?.path)).toEqual([kept]);
  });

  test('whose object is gone, but whose IN_IGNORED was not read, are removed without complaint', () => {
    using directory = temporaryDirectory('inotify');
    const file = join(directory.path, 'file');
    writeFileSync(file, '');
    using inotify = Inotify.open();
    const watch = inotify.addWatch(file, IN_DELETE_SELF);
    rmSync(file);
    expect(watch.isActive).toBe(true);
    expect(inotify.removeWatch(watch)).toBe(false);
    expect(watch.isActive).toBe(false);
  });

  test('that the kernel has ended are found by refreshWatches, and their last events still come', async () => {
    using directory = temporaryDirectory('inotify');
    const file = join(directory.path, 'file');
    writeFileSync(file, '');
    using inotify = Inotify.open();
    const kept = inotify.addWatch(directory.path, IN_CREATE);
    const gone = inotify.addWatch(file, IN_DELETE_SELF);
    expect(inotify.refreshWatches()).toEqual([]);
    rmSync(file);
    expect(inotify.refreshWatches()).toEqual([gone]);
    expect([kept.isActive, gone.isActive]).toEqual([true, false]);
    const events = await eventsUntil(inotify, (event) => event.isIgnored);
    expect(events.map((event) => event.watch)).toEqual([gone, gone]);
  });

  test('of a file that is replaced by rename stay with the old inode; the directory tells of the new one', async () => {
    using directory = temporaryDirectory('inotify');
    const file = join(directory.path, 'file');
    for (const path of [file, `${file}.new`]) writeFileSync(path, '');
    using inotify = Inotify.open();
    const old = inotify.addWatch(file, IN_MODIFY | IN_DELETE_SELF);
    const parent = inotify.addWatch(directory.path, IN_MOVE);
    renameSync(`${file}.new`, file);
    writeFileSync(file, 'not seen by the watch of the old inode');
    const events = await eventsUntil(inotify, (event) => event.isIgnored);
    expect(events.filter((event) => event.watch === old).map((event) => event.maskNames)).toEqual([
      ['IN_DELETE_SELF'],
      ['IN_IGNORED'],
    ]);
    expect(describeEvents(events.filter((event) => event.watch === parent))).toEqual([
      'file.new IN_MOVED_FROM',
      'file IN_MOVED_TO',
    ]);
  });

  needs('mount').test('end with IN_UNMOUNT when their file system goes', async () => {
    const mount = mountTmpfs({ sizeBytes: 1 << 20 });
    using inotify = Inotify.open();
    const watch = inotify.addWatch(mount.path, IN_CREATE);
    mount[Symbol.dispose]();
    const events = await eventsUntil(inotify, (event) => event.isIgnored);
    expect(events.map((event) => event.maskNames)).toEqual([['IN_UNMOUNT', 'IN_ISDIR'], ['IN_IGNORED']]);
    expect(watch.isActive).toBe(false);
  });

  test('of another instance, or no watches at all, are refused', () => {
    using directory = temporaryDirectory('inotify');
    using inotify = Inotify.open();
    using other = Inotify.open();
    const watch = other.addWatch(directory.path, IN_CREATE);
    expect(codeThrownBy(() => inotify.removeWatch(watch))).toBe('ERR_INVALID_ARG_VALUE');
    expect(codeThrownBy(() => inotify.removeWatch(watch.wd as never))).toBe('ERR_INVALID_ARG_TYPE');
    expect(kernelWatches(other)).toHaveLength(1);
  });

  test('by `using` end with their block', () => {
    using directory = temporaryDirectory('inotify');
    using inotify = Inotify.open();
    {
      using watch = inotify.addWatch(directory.path, IN_CREATE);
      expect(watch.isActive).toBe(true);
    }
    expect(kernelWatches(inotify)).toEqual([]);
  });
});

describe('errors', () => {
  test('of the kernel carry code, call and path', () => {
    using directory = temporaryDirectory('inotify');
    const file = join(directory.path, 'file');
    writeFileSync(file, '');
    using inotify = Inotify.open();
    const missing = join(directory.path, 'missing');
    expect(() => inotify.addWatch(missing, IN_CREATE)).toThrow(
      expect.objectContaining({
        code: 'ENOENT',
        syscall: 'inotify_add_watch',
        path: missing,
        message: `ENOENT: no such file or directory, inotify_add_watch '${missing}'`,
      }),
    );
    expect(codeThrownBy(() => inotify.addWatch(file, IN_CREATE, { onlyDirectory: true }))).toBe('ENOTDIR');
    expect(codeThrownBy(() => inotify.addWatch('x'.repeat(300), IN_CREATE))).toBe('ENAMETOOLONG');
    expect(inotify.watches).toEqual([]);
  });

  test.each<[string, (inotify: Inotify) => unknown, string]>([
    ['empty path', (inotify) => inotify.addWatch('', IN_CREATE), 'ERR_INVALID_ARG_VALUE'],
    ['NUL in the path', (inotify) => inotify.addWatch('a\0b', IN_CREATE), 'ERR_INVALID_ARG_VALUE'],
    ['path of another type', (inotify) => inotify.addWatch(7 as never, IN_CREATE), 'ERR_INVALID_ARG_TYPE'],
    ['mask 0', (inotify) => inotify.addWatch('.', 0), 'ERR_OUT_OF_RANGE'],
    ['negative mask', (inotify) => inotify.addWatch('.', IN_ONESHOT | 0), 'ERR_OUT_OF_RANGE'],
    ['mask NaN', (inotify) => inotify.addWatch('.', Number.NaN), 'ERR_OUT_OF_RANGE'],
    ['mask of another type', (inotify) => inotify.addWatch('.', 'IN_OPEN' as never), 'ERR_INVALID_ARG_TYPE'],
    ['mask without an event', (inotify) => inotify.addWatch('.', IN_ONESHOT), 'ERR_INVALID_ARG_VALUE'],
    ['mask with unknown bits', (inotify) => inotify.addWatch('.', IN_OPEN | 0x10000), 'ERR_INVALID_ARG_VALUE'],
    ['unknown mode', (inotify) => inotify.addWatch('.', IN_OPEN, { mode: 'x' as never }), 'ERR_INVALID_ARG_VALUE'],
    [
      'both modes',
      (inotify) => inotify.addWatch('.', IN_OPEN | 0x20000000, { mode: 'create' }),
      'ERR_INVALID_ARG_VALUE',
    ],
    [
      'flag not a boolean',
      (inotify) => inotify.addWatch('.', IN_OPEN, { oneshot: 1 as never }),
      'ERR_INVALID_ARG_TYPE',
    ],
    ['options not an object', (inotify) => inotify.addWatch('.', IN_OPEN, 7 as never), 'ERR_INVALID_ARG_TYPE'],
    ['signal not a signal', (inotify) => inotify.events({ signal: {} as never }), 'ERR_INVALID_ARG_TYPE'],
    ['tiny buffer', () => Inotify.open({ readBufferBytes: 271 }), 'ERR_OUT_OF_RANGE'],
    ['no buffer', () => Inotify.open({ maxBufferedEvents: 0 }), 'ERR_OUT_OF_RANGE'],
    ['callback of another type', () => Inotify.open({ onEvent: 'x' as never }), 'ERR_INVALID_ARG_TYPE'],
    ['error callback of another type', () => Inotify.open({ onError: 'x' as never }), 'ERR_INVALID_ARG_TYPE'],
  ])('%s is refused before any system call', (_, run, code) => {
    using inotify = Inotify.open();
    expect(codeThrownBy(() => run(inotify))).toBe(code);
    expect(kernelWatches(inotify)).toEqual([]);
  });
});

describe('close', () => {
  test('is idempotent, ends iterators, drops what is buffered, ends watches', async () => {
    using directory = temporaryDirectory('inotify');
    const inotify = Inotify.open();
    const watch = inotify.addWatch(directory.path, IN_CREATE);
    const iterator = inotify.events();
    const pending = iterator.next();
    mkdirSync(join(directory.path, 'sub'));
    inotify.close();
    inotify.close();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect([inotify.isClosed, watch.isActive, watch.remove()]).toEqual([true, false, false]);
  });

  test.each<[string, (inotify: Inotify) => unknown]>([
    ['addWatch', (inotify) => inotify.addWatch('.', IN_CREATE)],
    ['events', (inotify) => inotify.events()],
    ['fd', (inotify) => inotify.fd],
    ['refreshWatches', (inotify) => inotify.refreshWatches()],
  ])('makes %s throw EBADF that says why', (_, use) => {
    const inotify = Inotify.open();
    inotify.close();
    expect(() => use(inotify)).toThrow(/^EBADF: the inotify instance is closed, /);
  });

  test('leaves ref and unref harmless', () => {
    const inotify = Inotify.open();
    inotify.close();
    expect(inotify.ref().unref()).toBe(inotify);
  });
});

test('iteration stops with the reason of its signal, and the instance goes on', async () => {
  using directory = temporaryDirectory('inotify');
  using inotify = Inotify.open();
  inotify.addWatch(directory.path, IN_CREATE);
  const controller = new AbortController();
  const pending = inotify.events({ signal: controller.signal }).next();
  const reason = new Error('stop');
  controller.abort(reason);
  await expect(pending).rejects.toBe(reason);
  mkdirSync(join(directory.path, 'sub'));
  expect(describeEvents(await eventsUntil(inotify, () => true))).toEqual(['sub IN_CREATE|IN_ISDIR']);
});

test('the descriptor is close-on-exec and not given to children', () => {
  using inotify = Inotify.open();
  const listing = execFileSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' });
  expect(openFds().get(inotify.fd)).toBe('anon_inode:inotify');
  expect(listing).not.toContain('inotify');
});

test('100,000 watches added and removed leave nothing: no watch, no descriptor, no memory', async () => {
  using directory = temporaryDirectory('inotify');
  const files = Array.from({ length: 10 }, (_, index) => join(directory.path, `${index}`));
  for (const file of files) writeFileSync(file, '');
  using inotify = Inotify.open();
  const fds = openFds();
  const sentinel = inotify.addWatch(directory.path, IN_CREATE);
  const cycles = async (count: number): Promise<void> => {
    for (let done = 0; done < count;) {
      for (let batch = 0; batch < 1000; batch += 1, done += 1) {
        expect(inotify.addWatch(files[done % files.length] as string, IN_CLOSE).remove()).toBe(true);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await cycles(20_000);
  const heapBefore = process.memoryUsage().heapUsed;
  await cycles(100_000);
  expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(30 << 20);
  expect(kernelWatches(inotify).map(({ wd }) => wd)).toEqual([sentinel.wd]);
  expect(inotify.watches).toEqual([sentinel]);
  expectNoNewFds(fds);
  writeFileSync(join(directory.path, 'new'), '');
  expect(describeEvents(await eventsUntil(inotify, () => true))).toEqual(['new IN_CREATE']);
});
