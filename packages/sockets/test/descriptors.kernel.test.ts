import { closeSync, fstatSync, openSync } from 'node:fs';

import { isCloseOnExec, open, pipe } from '@osx/fds';
import type { Fd } from '@osx/fds';
import { checked, defineCall, zeroOrError } from '@osx/native-ffi';
import { UnixSocket } from '@osx/sockets';
import type { ReceivedMessage, SocketType } from '@osx/sockets';
import { expectNoNewFds, openFds, runFixture } from '@osx/test-support';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let before: Map<number, string>;
beforeAll(() => {
  const pairs = UnixSocket.pair('stream');
  for (const socket of pairs) socket.close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

const TYPES: SocketType[] = ['datagram', 'stream', 'seqpacket'];

function withPair<T>(type: SocketType, use: (left: UnixSocket, right: UnixSocket) => T): T {
  const [a, b] = UnixSocket.pair(type);
  using left = a;
  using right = b;
  return use(left, right);
}

function sameFile(fd: Fd | undefined, number: number): boolean {
  const [a, b] = [fstatSync(fd?.number as number), fstatSync(number)];
  return a.dev === b.dev && a.ino === b.ino;
}

/** Closes what came, and says how many there were. */
function count(message: ReceivedMessage | null): number {
  for (const fd of message?.fds ?? []) fd.close();
  return message?.fds.length ?? -1;
}

describe.each(TYPES)('%s', (type) => {
  test('descriptors arrive in order, close-on-exec, and are of their own', () => {
    withPair(type, (left, right) => {
      const { readEnd, writeEnd } = pipe();
      expect(left.trySend('two', { fds: [readEnd, writeEnd.number] })).toBe(3);
      const ends = [readEnd.number, writeEnd.number];
      const message = right.tryReceive({ maxFds: 2 });
      expect(message).toMatchObject({ data: Buffer.from('two'), areFdsTruncated: false });
      expect(message?.fds.map((fd, index) => [sameFile(fd, ends[index] as number), isCloseOnExec(fd)])).toEqual([
        [true, true],
        [true, true],
      ]);
      readEnd.close();
      writeEnd.close();
      expect(count(message)).toBe(2);
    });
  });

  test.each([
    [2, 1],
    [3, 1],
    [3, 2],
    [4, 3],
    [253, 0],
    [253, 252],
  ])('of %i descriptors exactly %i are taken, though the padding has room for one more', (sent, maxFds) => {
    withPair(type, (left, right) => {
      left.trySend('a', { fds: Array.from({ length: sent }, () => left.fd) });
      const fdsBefore = openFds().size;
      const message = right.tryReceive({ maxFds });
      expect(openFds().size).toBe(fdsBefore + maxFds);
      expect(message).toMatchObject({ data: Buffer.from('a'), areFdsTruncated: true });
      expect(count(message)).toBe(maxFds);
      expect(openFds().size).toBe(fdsBefore);
    });
  });

  test('by default none is taken, and the kernel closes them', () => {
    withPair(type, (left, right) => {
      left.trySend('a', { fds: [left.fd] });
      left.trySend('b');
      const fdsBefore = openFds().size;
      expect(right.tryReceive({ maxBytes: 1 })).toMatchObject({ fds: [], areFdsTruncated: true });
      expect(openFds().size).toBe(fdsBefore);
      expect(right.tryReceive()).toMatchObject({ data: Buffer.from('b'), areFdsTruncated: false });
    });
  });

  test('253 descriptors pass, with credentials too', () => {
    withPair(type, (left, right) => {
      right.passCredentials = true;
      const fds = Array.from({ length: 253 }, () => left.fd);
      left.trySend('a', { fds, credentials: true });
      const message = right.tryReceive({ maxFds: 253 });
      expect(message).toMatchObject({ areFdsTruncated: false, credentials: { pid: process.pid } });
      expect(count(message)).toBe(253);
    });
  });

  test('a pidfd that another owner of the socket asked for is closed', () => {
    withPair(type, (left, right) => {
      const setsockopt = defineCall({
        name: 'setsockopt',
        returns: 'int',
        parameters: ['int', 'int', 'int', 'pointer', 'uint'],
        decode: zeroOrError,
      });
      const SO_PASSPIDFD = 76;
      checked(setsockopt(right.fd, 1, SO_PASSPIDFD, Buffer.from([1, 0, 0, 0]), 4), 'setsockopt');
      left.trySend('a', { fds: [left.fd] });
      const fdsBefore = openFds().size;
      const message = right.tryReceive({ maxFds: 20 });
      expect(openFds().size).toBe(fdsBefore + 1);
      expect(count(message)).toBe(1);
      expect(openFds().size).toBe(fdsBefore);
    });
  });

  test('a descriptor that is closed is EBADF, and nothing is sent', () => {
    withPair(type, (left, right) => {
      const number = openSync('/dev/null', 'r');
      closeSync(number);
      expect(() => left.trySend('a', { fds: [number] })).toThrow(
        expect.objectContaining({ code: 'EBADF', syscall: 'sendmsg' }),
      );
      expect(right.tryReceive()).toBeNull();
      const closed = open('/dev/null', 'r');
      closed.close();
      expect(() => left.trySend('a', { fds: [closed] })).toThrow(expect.objectContaining({ code: 'EBADF' }));
    });
  });

  test('where this process may open no more, what came is given, the rest is said to be lost, and nothing leaks', async () => {
    const fixture = new URL('fixtures/out-of-descriptors.ts', import.meta.url);
    const none = { fds: 0, areFdsTruncated: true };
    const expected = { data: 'message', fds: 2, areFdsTruncated: true, leaked: 0, next: 'next', none };
    const alone = await runFixture(fixture, [type]);
    expect([alone.stderr, JSON.parse(alone.stdout)]).toEqual(['', expected]);
    // In a Worker each needs one more number for the moment in which it becomes Node's.
    const inWorker = await runFixture(fixture, [type, 'worker']);
    expect([inWorker.stderr, JSON.parse(inWorker.stdout)]).toEqual(['', { ...expected, fds: 0 }]);
  });
});

test('on a stream descriptors are a barrier: no receive goes beyond the data that they came with', () => {
  withPair('stream', (left, right) => {
    left.trySend('before');
    left.trySend('with', { fds: [left.fd] });
    left.trySend('again', { fds: [left.fd] });
    left.trySend('after');
    const takes = [0, 1, 2, 3].map(() => right.tryReceive({ maxFds: 1 }));
    expect(takes.map((message) => [message?.data.toString(), count(message)])).toEqual([
      ['beforewith', 1],
      ['again', 1],
      ['after', 0],
      [undefined, -1],
    ]);
  });
});

test('the descriptors of a large send come with its first bytes', async () => {
  const [a, b] = UnixSocket.pair('stream');
  using left = a;
  using right = b;
  const sending = left.send(Buffer.alloc(2_000_000), { fds: [left.fd, left.fd] });
  let [bytes, fds] = [0, 0];
  while (bytes < 2_000_000) {
    const message = await right.receive({ maxFds: 2, timeoutMs: 20_000 });
    if (bytes === 0) expect(message.fds).toHaveLength(2);
    bytes += message.data.length;
    fds += count(message);
  }
  expect([fds, await sending]).toEqual([2, 2_000_000]);
});

test('an open socket travels, and works', async () => {
  const [a, b] = UnixSocket.pair('stream');
  using left = a;
  using right = b;
  const [c, d] = UnixSocket.pair('seqpacket');
  using near = c;
  left.trySend('socket', { fds: [d.fd] });
  d.close();
  const { fds } = await right.receive({ maxFds: 1 });
  using far = UnixSocket.fromFd(fds[0] as Fd);
  near.trySend('hello');
  expect([far.type, (await far.receive()).data.toString()]).toEqual(['seqpacket', 'hello']);
});
