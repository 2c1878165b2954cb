import { closeSync, openSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { eventually, expectNoNewFds, openFds, runFixture } from '@osx/test-support';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { checked, defineCall, nonNegativeOrError, watchFd } from '@osx/native-ffi';

import { Pipe } from './fixtures/pipe.ts';

const fixture = (name: string): URL => new URL(`fixtures/${name}`, import.meta.url);
const turns = async (count = 5): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await nextTurn();
};

describe('watchFd', () => {
  let before: Map<number, string>;
  beforeEach(() => {
    new Pipe()[Symbol.dispose](); // loads the library
    before = openFds();
  });
  afterEach(() => expectNoNewFds(before));

  test('calls back when a pipe becomes readable, and again until it is consumed', async () => {
    using pipe = new Pipe();
    const seen: unknown[] = [];
    using watch = watchFd(pipe.readEnd, { readable: true }, (ready) => seen.push(ready));
    await turns();
    expect(seen).toEqual([]);
    pipe.write();
    await eventually(() => seen.length >= 3);
    expect(seen[0]).toMatchObject({ readable: true, writable: false });
    pipe.read();
    await turns(2);
    const count = seen.length;
    await turns();
    expect(seen.length).toBe(count);
    expect(watch.isClosed).toBe(false);
  });

  test('calls back when a full pipe becomes writable', async () => {
    using pipe = new Pipe();
    while (pipe.write(new Uint8Array(65_536)) > 0);
    const callback = vi.fn();
    using _ = watchFd(pipe.writeEnd, { writable: true }, callback);
    await turns();
    expect(callback).not.toHaveBeenCalled();
    while (pipe.read(Buffer.alloc(65_536)) > 0);
    await eventually(() => callback.mock.calls.length > 0);
  });

  test('pauses, goes on, and changes direction', async () => {
    using pipe = new Pipe();
    pipe.write();
    const callback = vi.fn();
    using watch = watchFd(pipe.readEnd, {}, callback);
    await turns();
    expect(callback).not.toHaveBeenCalled();
    watch.update({ readable: true });
    await eventually(() => callback.mock.calls.length > 0);
    watch.update({});
    callback.mockClear();
    await turns();
    expect(callback).not.toHaveBeenCalled();
  });

  test('hang-up of the other side counts as readable', async () => {
    using pipe = new Pipe();
    const callback = vi.fn();
    using _ = watchFd(pipe.readEnd, { readable: true }, callback);
    pipe.close(pipe.writeEnd);
    await eventually(() => callback.mock.calls.length > 0);
    expect(pipe.read()).toBe(0);
  });

  test('an error counts as ready in the watched direction, again and again', async () => {
    using pipe = new Pipe();
    while (pipe.write(new Uint8Array(65_536)) > 0);
    const seen: unknown[] = [];
    using _ = watchFd(pipe.writeEnd, { writable: true }, (ready) => seen.push(ready));
    pipe.close(pipe.readEnd); // POLLERR at the other end
    await eventually(() => seen.length >= 3);
    expect(seen[0]).toMatchObject({ writable: true });
    expect(pipe.write()).toBeLessThan(0);
  });

  test('two watches of one descriptor both hear', async () => {
    using pipe = new Pipe();
    const first = vi.fn();
    const second = vi.fn();
    using _ = watchFd(pipe.readEnd, { readable: true }, first);
    using __ = watchFd(pipe.readEnd, { readable: true }, second);
    pipe.write();
    await eventually(() => first.mock.calls.length > 0 && second.mock.calls.length > 0);
  });

  test('no callback comes after close, not even for what was ready already', async () => {
    using pipe = new Pipe();
    pipe.write();
    const callback = vi.fn();
    const watch = watchFd(pipe.readEnd, { readable: true }, callback);
    watch.close();
    watch.close();
    watch.update({ readable: true });
    watch.ref().unref();
    expect(watch.isClosed).toBe(true);
    await turns();
    expect(callback).not.toHaveBeenCalled();
  });

  test('may be closed by its own callback', async () => {
    using pipe = new Pipe();
    pipe.write();
    let calls = 0;
    const watch = watchFd(pipe.readEnd, { readable: true }, () => {
      calls++;
      watch.close();
    });
    await eventually(() => calls > 0);
    await turns();
    expect(calls).toBe(1);
  });

  test('is not fooled when the number is closed and given to another file', async () => {
    const pipe = new Pipe();
    using other = new Pipe();
    const callback = vi.fn();
    using watch = watchFd(pipe.readEnd, { readable: true }, callback);
    const number = pipe.readEnd;
    pipe[Symbol.dispose]();
    const recycled = openSync('/dev/zero', 'r');
    expect(recycled).toBe(number);
    other.write();
    await turns();
    // The pipe's only write end is gone: a hang-up, of the pipe and not of /dev/zero.
    expect(callback.mock.calls.length).toBeGreaterThan(0);
    watch.close();
    closeSync(recycled);
  });

  test('survives garbage collection of a watch that nobody holds', async () => {
    const { code, stdout, stderr } = await runFixture(fixture('watch-without-reference.ts'), [], {
      nodeArgs: ['--expose-gc'],
    });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'heard\n', stderr: '' });
  });

  test('an exception of the callback is an uncaught exception, once, and the watch goes on', async () => {
    const { code, stdout, stderr } = await runFixture(fixture('throwing-callback.ts'));
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'uncaught: from the callback\nsecond call\n',
      stderr: '',
    });
  });

  test('an unreferenced watch lets the process end, a referenced one keeps it', async () => {
    const unreferenced = await runFixture(fixture('unreferenced-watch.ts'), ['unref']);
    expect(unreferenced).toMatchObject({ code: 0, stdout: 'end\n' });
    const referenced = await runFixture(fixture('unreferenced-watch.ts'), ['ref']);
    expect(referenced).toMatchObject({ code: 0, stdout: 'kept alive\nend\n' });
  });

  test.each([
    ['a regular file', '/proc/self/exe', 'EPERM'],
    ['a directory', '/', 'EPERM'],
    ['/dev/null', '/dev/null', 'EPERM'],
  ])('refuses %s, which has no readiness', (_, path, code) => {
    const fd = openSync(path, 'r');
    try {
      expect(() => watchFd(fd, { readable: true }, () => {})).toThrow(
        expect.objectContaining({ code, syscall: 'epoll_ctl' }),
      );
    } finally {
      closeSync(fd);
    }
  });

  test('refuses a closed descriptor with EBADF', () => {
    expect(() => watchFd(1_000_000, { readable: true }, () => {})).toThrow(expect.objectContaining({ code: 'EBADF' }));
  });

  test.each([
    ['a negative descriptor', [-1, {}, () => {}], 'ERR_OUT_OF_RANGE'],
    ['a fraction', [1.5, {}, () => {}], 'ERR_OUT_OF_RANGE'],
    ['a string', ['1', {}, () => {}], 'ERR_INVALID_ARG_TYPE'],
    ['no callback', [0, {}, undefined], 'ERR_INVALID_ARG_TYPE'],
    ['events that are no booleans', [0, { readable: 1 }, () => {}], 'ERR_INVALID_ARG_TYPE'],
  ])('refuses %s before any system call', (_, args, code) => {
    expect(() => watchFd(...(args as Parameters<typeof watchFd>))).toThrow(expect.objectContaining({ code }));
  });

  test('100,000 watches leave no descriptor and no memory behind', async () => {
    const { code, stdout, stderr } = await runFixture(fixture('many-watches.ts'), [], { nodeArgs: ['--expose-gc'] });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { descriptors, bytesPerWatch } = JSON.parse(stdout) as { descriptors: number; bytesPerWatch: number };
    expect(descriptors).toBe(0);
    expect(bytesPerWatch).toBeLessThan(100);
  });

  test('refuses an epoll with more others inside than the event loop can wait for, which would end the process', async () => {
    const { code, signal, stdout } = await runFixture(fixture('nested-epolls.ts'), []);
    expect([code, signal, stdout]).toEqual([0, null, '2 watched\n3 ELOOP\n4 ELOOP\n5 ELOOP\nno descriptor more\n']);
  });

  test('watches an epoll descriptor, so that queues of the kernel nest', async () => {
    using pipe = new Pipe();
    const create = defineCall({
      name: 'epoll_create1',
      returns: 'int',
      parameters: ['int'],
      decode: nonNegativeOrError,
    });
    const control = defineCall({
      name: 'epoll_ctl',
      returns: 'int',
      parameters: ['int', 'int', 'int', 'pointer'],
      decode: nonNegativeOrError,
    });
    const queue = checked(create(0), 'epoll_create1');
    checked(control(queue, 1, pipe.readEnd, Buffer.from([1, ...Array(15).fill(0)])), 'epoll_ctl');
    const callback = vi.fn();
    using watch = watchFd(queue, { readable: true }, callback);
    pipe.write();
    await eventually(() => callback.mock.calls.length > 0);
    watch.close();
    defineCall({ name: 'close', returns: 'int', parameters: ['int'], decode: nonNegativeOrError })(queue);
  });
});
