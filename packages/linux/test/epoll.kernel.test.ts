import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import { pipe } from '@osx/fds';
import {
  Epoll,
  EPOLLERR,
  EPOLLET,
  EPOLLEXCLUSIVE,
  EPOLLHUP,
  EPOLLIN,
  EPOLLONESHOT,
  EPOLLOUT,
  EPOLLPRI,
  EPOLLRDHUP,
  EPOLLWAKEUP,
} from '@osx/linux/epoll';
import { EventFd } from '@osx/linux/eventfd';
import { expectNoNewFds, needs, openFds, temporaryDirectory, threadCount } from '@osx/test-support';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { codeOf, describeEvents, kernelTargets } from './fixtures/epoll-oracle.ts';

let before: ReadonlyMap<number, string>;
beforeAll(() => {
  Epoll.create().close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

describe('registrations', () => {
  test('the kernel has what was added, modified and removed; the descriptor is close-on-exec', () => {
    using epoll = Epoll.create();
    using eventfd = EventFd.create();
    expect(openFds().get(epoll.fd)).toBe('anon_inode:[eventpoll]');
    expect(execFileSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' })).not.toContain('eventpoll');
    // EPOLLERR and EPOLLHUP the kernel adds itself.
    const always = ['EPOLLERR', 'EPOLLHUP'];

    const registration = epoll.add(eventfd, EPOLLIN | EPOLLET);
    expect(kernelTargets(epoll.fd)).toMatchObject([{ fd: eventfd.fd, names: ['EPOLLIN', ...always, 'EPOLLET'] }]);
    expect([registration.fd, registration.names, registration.data]).toEqual([
      eventfd.fd,
      ['EPOLLIN', 'EPOLLET'],
      BigInt(eventfd.fd),
    ]);
    expect(epoll.registrations).toEqual([registration]);

    expect(epoll.modify(registration, EPOLLOUT | EPOLLONESHOT)).toBe(registration);
    expect(registration.events).toBe(EPOLLOUT | EPOLLONESHOT);
    expect(kernelTargets(epoll.fd)).toMatchObject([{ names: ['EPOLLOUT', ...always, 'EPOLLONESHOT'] }]);

    expect([epoll.remove(eventfd), registration.isActive, epoll.registrations]).toEqual([true, false, []]);
    expect(kernelTargets(epoll.fd)).toEqual([]);
  });

  test('every flag of add reaches the kernel', () => {
    using epoll = Epoll.create();
    using eventfd = EventFd.create();
    using other = EventFd.create();
    epoll.add(eventfd, EPOLLIN | EPOLLPRI | EPOLLOUT | EPOLLRDHUP | EPOLLONESHOT | EPOLLET);
    epoll.add(other, EPOLLIN | EPOLLEXCLUSIVE);
    expect(kernelTargets(epoll.fd).map(({ names }) => names.join('|'))).toEqual([
      'EPOLLIN|EPOLLPRI|EPOLLOUT|EPOLLERR|EPOLLHUP|EPOLLRDHUP|EPOLLONESHOT|EPOLLET',
      'EPOLLIN|EPOLLERR|EPOLLHUP|EPOLLEXCLUSIVE',
    ]);
    epoll.modify(eventfd, EPOLLWAKEUP | EPOLLIN); // without CAP_BLOCK_SUSPEND the kernel drops the flag
    expect(kernelTargets(epoll.fd)[0]?.names).toContain('EPOLLIN');
  });

  test.each([0n, 1n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n, 7])(
    'the data %s comes back as a bigint, and so does that of modify',
    (data) => {
      using epoll = Epoll.create();
      using eventfd = EventFd.create({ initial: 1 });
      epoll.add(eventfd, EPOLLIN, { data });
      expect(epoll.poll().map((event) => event.data)).toEqual([BigInt(data)]);
      epoll.modify(eventfd, EPOLLIN);
      expect(epoll.poll()[0]?.data).toBe(BigInt(data));
      epoll.modify(eventfd, EPOLLIN, { data: 99n });
      expect(epoll.poll()[0]?.data).toBe(99n);
    },
  );

  test('EEXIST, ENOENT, EPERM, EBADF, EINVAL as the kernel says', () => {
    using directory = temporaryDirectory('epoll');
    using epoll = Epoll.create();
    using eventfd = EventFd.create();
    epoll.add(eventfd, EPOLLIN);
    expect(codeOf(() => epoll.add(eventfd, EPOLLOUT))).toBe('EEXIST');
    using other = EventFd.create();
    expect(codeOf(() => epoll.modify(other, EPOLLIN))).toBe('ENOENT');
    expect(codeOf(() => epoll.remove(other))).toBe('ENOENT');
    const closed = openSync('/dev/null', 'r');
    closeSync(closed);
    for (const call of [() => epoll.add(closed, 0), () => epoll.modify(closed, 0), () => epoll.remove(closed)]) {
      expect(codeOf(call)).toBe('EBADF');
    }
    expect(() => epoll.add(epoll, EPOLLIN)).toThrow(
      expect.objectContaining({ code: 'EINVAL', syscall: 'epoll_ctl', message: expect.stringContaining('itself') }),
    );

    for (const [path, flags] of [
      [`${directory.path}/file`, 'w+'],
      [directory.path, 'r'],
    ] as const) {
      const file = openSync(path, flags);
      try {
        expect(() => epoll.add(file, EPOLLIN)).toThrow(
          expect.objectContaining({ code: 'EPERM', message: expect.stringContaining('regular file') }),
        );
      } finally {
        closeSync(file);
      }
    }
    expect(epoll.registrations).toHaveLength(1);
  });

  test('EPOLLEXCLUSIVE: not to be modified, not with one-shot, not for an epoll; removed and added instead', () => {
    using epoll = Epoll.create();
    using inner = Epoll.create();
    using eventfd = EventFd.create({ initial: 1 });
    expect(codeOf(() => epoll.add(eventfd, EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT))).toBe('EINVAL');
    expect(codeOf(() => epoll.add(inner, EPOLLIN | EPOLLEXCLUSIVE))).toBe('EINVAL');
    const registration = epoll.add(eventfd, EPOLLIN | EPOLLEXCLUSIVE);
    expect(codeOf(() => epoll.modify(eventfd, EPOLLOUT))).toBe('EINVAL');
    expect(codeOf(() => epoll.modify(eventfd, EPOLLIN | EPOLLEXCLUSIVE))).toBe('EINVAL');
    expect([registration.isActive, registration.names]).toEqual([true, ['EPOLLIN', 'EPOLLEXCLUSIVE']]);
    expect(epoll.poll()[0]?.registration).toBe(registration);
    epoll.remove(registration);
    epoll.add(eventfd, EPOLLIN);
    expect(epoll.poll()).toHaveLength(1);
  });

  test('a registration of another epoll is refused', () => {
    using epoll = Epoll.create();
    using other = Epoll.create();
    using eventfd = EventFd.create();
    const registration = other.add(eventfd, EPOLLIN);
    epoll.add(eventfd, EPOLLIN);
    expect(codeOf(() => epoll.remove(registration))).toBe('ERR_INVALID_ARG_VALUE');
    expect(codeOf(() => epoll.modify(registration, 0))).toBe('ERR_INVALID_ARG_VALUE');
    expect([epoll.registrations.length, other.registrations.length]).toEqual([1, 1]);
  });

  test('refresh ends what is gone with its file, which the kernel does in silence', () => {
    using epoll = Epoll.create();
    const gone = EventFd.create();
    using stays = EventFd.create();
    const registration = epoll.add(gone, EPOLLIN);
    epoll.add(stays, EPOLLIN);
    expect(epoll.refresh()).toEqual([]);
    gone.close();
    expect(registration.isActive).toBe(true);
    expect(epoll.refresh()).toEqual([registration]);
    expect([registration.isActive, epoll.registrations.length]).toEqual([false, 1]);
  });
});

describe('arguments', () => {
  test.each<[string, (epoll: Epoll) => unknown, string]>([
    ['fd', (epoll) => epoll.add(-1, EPOLLIN), 'ERR_OUT_OF_RANGE'],
    ['fd', (epoll) => epoll.add('1' as never, EPOLLIN), 'ERR_INVALID_ARG_TYPE'],
    ['fd', (epoll) => epoll.add({} as never, EPOLLIN), 'ERR_INVALID_ARG_TYPE'],
    ['fd', (epoll) => epoll.add(null as never, EPOLLIN), 'ERR_INVALID_ARG_TYPE'],
    ['events', (epoll) => epoll.add(0, 0x20), 'ERR_INVALID_ARG_VALUE'],
    ['events', (epoll) => epoll.add(0, 2 ** 32), 'ERR_OUT_OF_RANGE'],
    ['events', (epoll) => epoll.add(0, 1.5), 'ERR_OUT_OF_RANGE'],
    ['events', (epoll) => epoll.modify(0, 'EPOLLIN' as never), 'ERR_INVALID_ARG_TYPE'],
    ['data', (epoll) => epoll.add(0, 0, { data: 2n ** 64n }), 'ERR_OUT_OF_RANGE'],
    ['data', (epoll) => epoll.add(0, 0, { data: -1 }), 'ERR_OUT_OF_RANGE'],
    ['data', (epoll) => epoll.add(0, 0, { data: 2 ** 53 }), 'ERR_OUT_OF_RANGE'],
    ['data', (epoll) => epoll.add(0, 0, { data: '1' as never }), 'ERR_INVALID_ARG_TYPE'],
    ['options', (epoll) => epoll.add(0, 0, 1 as never), 'ERR_INVALID_ARG_TYPE'],
    ['maxEvents', (epoll) => epoll.poll({ maxEvents: 0 }), 'ERR_OUT_OF_RANGE'],
    ['maxEvents', (epoll) => epoll.poll({ maxEvents: 2 ** 20 + 1 }), 'ERR_OUT_OF_RANGE'],
    ['signal', (epoll) => epoll.events({ signal: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
  ])('a bad %s is refused: %s', (name, call, code) => {
    using epoll = Epoll.create();
    expect(() => call(epoll)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(name) }));
    expect(kernelTargets(epoll.fd)).toEqual([]);
  });

  test('wait rejects, and does not throw', async () => {
    using epoll = Epoll.create();
    await expect(epoll.wait({ maxEvents: 0 })).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    await expect(epoll.wait({ timeoutMs: -1 })).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
  });

  test('a closed epoll is EBADF everywhere, and close may be called twice', async () => {
    const epoll = Epoll.create();
    using eventfd = EventFd.create();
    const registration = epoll.add(eventfd, EPOLLIN);
    epoll.close();
    epoll.close();
    expect([epoll.isClosed, registration.isActive]).toEqual([true, false]);
    const calls = [
      () => epoll.fd,
      () => epoll.add(eventfd, EPOLLIN),
      () => epoll.modify(eventfd, EPOLLIN),
      () => epoll.remove(eventfd),
      () => epoll.poll(),
      () => epoll.events(),
      () => epoll.refresh(),
      () => epoll.rebuild(),
    ];
    for (const call of calls) expect(codeOf(call)).toBe('EBADF');
    await expect(epoll.wait()).rejects.toMatchObject({ code: 'EBADF', syscall: 'epoll_wait' });
  });
});

describe('events', () => {
  test('level-triggered: again and again until it is consumed', () => {
    using epoll = Epoll.create();
    using eventfd = EventFd.create();
    epoll.add(eventfd, EPOLLIN);
    expect(epoll.poll()).toEqual([]);
    eventfd.add();
    const told = `${eventfd.fd} EPOLLIN ${eventfd.fd}`;
    expect([...describeEvents(epoll.poll()), ...describeEvents(epoll.poll())]).toEqual([told, told]);
    eventfd.tryRead();
    expect(epoll.poll()).toEqual([]);
  });

  test('EPOLLET: once per change, not per state', () => {
    using epoll = Epoll.create();
    const { readEnd, writeEnd } = pipe();
    using reader = readEnd;
    using writer = writeEnd;
    epoll.add(reader, EPOLLIN | EPOLLET);
    writeSync(writer.number, 'a');
    expect([epoll.poll().length, epoll.poll().length]).toEqual([1, 0]);
    writeSync(writer.number, 'b'); // unread bytes are there, and more come
    expect([epoll.poll().length, epoll.poll().length]).toEqual([1, 0]);
    readSync(reader.number, Buffer.alloc(10));
    expect(epoll.poll()).toEqual([]);
    writeSync(writer.number, 'c');
    epoll.poll();
    epoll.modify(reader, EPOLLIN | EPOLLET); // what is ready is reported anew
    expect(epoll.poll()).toHaveLength(1);
  });

  test('EPOLLONESHOT: once, and armed again by modify', () => {
    using epoll = Epoll.create();
    using eventfd = EventFd.create({ initial: 1 });
    const registration = epoll.add(eventfd, EPOLLIN | EPOLLONESHOT, { data: 5 });
    expect(registration.isArmed).toBe(true);
    expect([epoll.poll().length, epoll.poll().length, registration.isArmed]).toEqual([1, 0, false]);
    eventfd.add();
    expect(epoll.poll()).toEqual([]);
    expect(kernelTargets(epoll.fd)).toMatchObject([{ names: ['EPOLLONESHOT'] }]);
    epoll.modify(registration, EPOLLIN | EPOLLONESHOT);
    expect(registration.isArmed).toBe(true);
    expect(epoll.poll()[0]?.data).toBe(5n);
    expect(codeOf(() => epoll.add(eventfd, EPOLLIN))).toBe('EEXIST');
  });

  test('EPOLLHUP and EPOLLERR of a pipe come unasked', () => {
    using epoll = Epoll.create();
    const first = pipe();
    using reader = first.readEnd;
    epoll.add(reader, 0);
    first.writeEnd.close();
    expect(epoll.poll().map(({ events }) => events)).toEqual([EPOLLHUP]);

    const second = pipe();
    using writer = second.writeEnd;
    epoll.remove(reader);
    epoll.add(writer, EPOLLOUT);
    second.readEnd.close();
    expect(epoll.poll().map(({ events }) => events)).toEqual([EPOLLOUT | EPOLLERR]);
  });

  test('EPOLLRDHUP tells that the peer will write no more, before everything is read', async () => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { connect } = process.getBuiltinModule('node:net');
    const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const [socket] = (await once(server, 'connection')) as [Socket & { _handle: { fd: number } }];
    {
      using epoll = Epoll.create();
      epoll.add(socket._handle.fd, EPOLLIN | EPOLLRDHUP | EPOLLET);
      client.write('last');
      const [first] = await epoll.wait({ timeoutMs: 30_000 });
      expect(first?.names).toEqual(['EPOLLIN']);
      client.end();
      const [second] = await epoll.wait({ timeoutMs: 30_000 });
      expect(second?.names).toEqual(['EPOLLIN', 'EPOLLRDHUP']);
    }
    client.destroy();
    socket.destroy();
    server.close();
    await once(server, 'close');
  });

  needs('python3').test('EPOLLPRI tells of out-of-band data', async () => {
    const server = createServer({ pauseOnConnect: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const script = `import socket,sys\ns=socket.create_connection(("127.0.0.1",${port}))\ns.send(b"!",socket.MSG_OOB)\nsys.stdin.read()`;
    const child = spawn('python3', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] });
    const exited = once(child, 'exit');
    const [socket] = (await once(server, 'connection')) as [Socket & { _handle: { fd: number } }];
    {
      using epoll = Epoll.create();
      epoll.add(socket._handle.fd, EPOLLPRI);
      const [event] = await epoll.wait({ timeoutMs: 30_000 });
      expect(event?.names).toEqual(['EPOLLPRI']);
    }
    child.stdin.end();
    await exited;
    socket.destroy();
    server.close();
    await once(server, 'close');
  });

  test('maxEvents limits a batch, and the kernel takes turns', () => {
    using epoll = Epoll.create();
    const eventfds = [1, 2, 3].map((initial) => EventFd.create({ initial }));
    for (const eventfd of eventfds) epoll.add(eventfd, EPOLLIN);
    const seen = [epoll.poll({ maxEvents: 2 }), epoll.poll({ maxEvents: 2 })];
    expect(seen.map((batch) => batch.length)).toEqual([2, 2]);
    expect(new Set(seen.flat().map(({ fd }) => fd)).size).toBe(3);
    expect(epoll.poll()).toHaveLength(3);
    for (const eventfd of eventfds) eventfd.close();
  });

  test('2,000 descriptors at once, each with its own data', () => {
    using epoll = Epoll.create();
    const eventfds = Array.from({ length: 2000 }, () => EventFd.create({ initial: 1 }));
    for (const [index, eventfd] of eventfds.entries()) epoll.add(eventfd, EPOLLIN, { data: index });
    const events = epoll.poll({ maxEvents: 4096 });
    expect(new Set(events.map(({ data }) => data)).size).toBe(2000);
    for (const event of events) expect(event.fd).toBe(eventfds[Number(event.data)]?.fd);
    for (const eventfd of eventfds) eventfd.close();
    expect(epoll.poll()).toEqual([]);
  });
});

describe('wait', () => {
  test('resolves when something becomes ready, without a thread', async () => {
    using epoll = Epoll.create();
    const { readEnd, writeEnd } = pipe();
    using reader = readEnd;
    using writer = writeEnd;
    epoll.add(reader, EPOLLIN, { data: 1n });
    const threads = threadCount();
    const waiting = epoll.wait();
    expect(threadCount()).toBe(threads);
    writeSync(writer.number, 'x');
    expect(describeEvents(await waiting)).toEqual([`${reader.number} EPOLLIN 1`]);
    expect(describeEvents(await epoll.wait())).toEqual([`${reader.number} EPOLLIN 1`]);
  });

  test('hears of another process', async () => {
    using epoll = Epoll.create();
    const { readEnd, writeEnd } = pipe();
    using reader = readEnd;
    epoll.add(reader, EPOLLIN);
    const child = spawn('sh', ['-c', 'read line; echo done'], { stdio: ['pipe', writeEnd.toStdio(), 'ignore'] });
    writeEnd.close();
    const exited = once(child, 'exit');
    const waiting = epoll.wait({ timeoutMs: 30_000 });
    child.stdin?.end('\n');
    expect((await waiting)[0]?.names).toContain('EPOLLIN');
    await exited;
  });

  test('hears of what is added, modified and rebuilt while it waits', async () => {
    using epoll = Epoll.create();
    using eventfd = EventFd.create({ initial: 1 });
    const first = epoll.wait();
    epoll.add(eventfd, EPOLLIN);
    expect(await first).toHaveLength(1);
    epoll.modify(eventfd, 0);
    const second = epoll.wait();
    await new Promise(setImmediate);
    expect(epoll.rebuild()).toEqual([]);
    await new Promise(setImmediate);
    epoll.modify(eventfd, EPOLLIN);
    expect(await second).toHaveLength(1);
  });

  test('several waits at once each get what is ready', async () => {
    using epoll = Epoll.create();
    using eventfd = EventFd.create();
    epoll.add(eventfd, EPOLLIN);
    const waits = [epoll.wait(), epoll.wait(), epoll.wait()];
    eventfd.add();
    expect((await Promise.all(waits)).map((events) => events.length)).toEqual([1, 1, 1]);
  });

  test('with EPOLLET one of them gets it, and the others go on waiting', async () => {
    using epoll = Epoll.create();
    using eventfd = EventFd.create();
    epoll.add(eventfd, EPOLLIN | EPOLLET);
    const waits = [epoll.wait(), epoll.wait()];
    eventfd.add();
    await Promise.race(waits);
    await new Promise(setImmediate);
    eventfd.add();
    expect((await Promise.all(waits)).map((events) => events.length)).toEqual([1, 1]);
  });

  test('ETIMEDOUT, the reason of the signal, EBADF at close', async () => {
    using epoll = Epoll.create();
    await expect(epoll.wait({ timeoutMs: 0 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await expect(epoll.wait({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    const reason = new Error('enough');
    await expect(epoll.wait({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const aborted = epoll.wait({ signal: controller.signal });
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    const closing = epoll.wait();
    epoll.close();
    await expect(closing).rejects.toMatchObject({ code: 'EBADF', syscall: 'epoll_wait' });
  });

  test('timeoutMs 0 still finds what is ready', async () => {
    using epoll = Epoll.create();
    using eventfd = EventFd.create({ initial: 1 });
    epoll.add(eventfd, EPOLLIN);
    expect(await epoll.wait({ timeoutMs: 0 })).toHaveLength(1);
  });
});
