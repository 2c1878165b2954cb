import { inspect } from 'node:util';

import { UnixSocket } from '@osx/sockets';
import { expectNoNewFds, openFds } from '@osx/test-support';
import { expect, test } from 'vitest';

const TYPE = 'ERR_INVALID_ARG_TYPE';
const VALUE = 'ERR_INVALID_ARG_VALUE';
const RANGE = 'ERR_OUT_OF_RANGE';

/* eslint-disable typescript/no-explicit-any */
const cases: [string, (socket: UnixSocket) => unknown, string][] = [
  ['send of a number', (socket) => socket.trySend(1 as any), TYPE],
  ['send of parts that are none', (socket) => socket.trySend(['a', 1] as any), TYPE],
  ['send options', (socket) => socket.trySend('a', 1 as any), TYPE],
  ['too many descriptors', (socket) => socket.trySend('a', { fds: Array.from({ length: 254 }, () => 0) }), RANGE],
  ['descriptors that are none', (socket) => socket.trySend('a', { fds: 'ab' as any }), TYPE],
  ['a negative descriptor', (socket) => socket.trySend('a', { fds: [-1] }), RANGE],
  ['a descriptor as text', (socket) => socket.trySend('a', { fds: ['1' as any] }), TYPE],
  ['descriptors without data on a stream', (socket) => socket.trySend('', { fds: [0] }), VALUE],
  ['credentials without data on a stream', (socket) => socket.trySend([], { credentials: true }), VALUE],
  ['an address on a stream', (socket) => socket.trySend('a', { to: '/a' }), VALUE],
  ['credentials', (socket) => socket.trySend('a', { credentials: 1 as any }), TYPE],
  ['pid 0', (socket) => socket.trySend('a', { credentials: { pid: 0 } }), RANGE],
  ['the uid that means none', (socket) => socket.trySend('a', { credentials: { uid: 2 ** 32 - 1 } }), RANGE],
  ['maxBytes 0', (socket) => socket.tryReceive({ maxBytes: 0 }), RANGE],
  ['maxFds', (socket) => socket.tryReceive({ maxFds: 254 }), RANGE],
  ['a long path', (socket) => socket.bind('x'.repeat(108)), RANGE],
  ['backlog', (socket) => socket.listen(-1), RANGE],
  ['shutdown', (socket) => socket.shutdown('all' as any), VALUE],
  ['passCredentials', (socket) => (socket.passCredentials = 1 as any), TYPE],
  ['sendBufferBytes', (socket) => (socket.sendBufferBytes = 0), RANGE],
  ['receiveBufferBytes', (socket) => (socket.receiveBufferBytes = 1.5), RANGE],
  ['type', () => UnixSocket.open('raw' as any), VALUE],
  ['pair type', () => UnixSocket.pair('' as any), VALUE],
  ['open options', () => UnixSocket.open('stream', { sendBufferBytes: '1' as any }), TYPE],
  ['open passCredentials', () => UnixSocket.pair('stream', { passCredentials: 'no' as any }), TYPE],
  ['fromFd', () => UnixSocket.fromFd('1' as any), TYPE],
  ['fromFd of null', () => UnixSocket.fromFd(null as any), TYPE],
];

test.each(cases)('%s is refused before any system call', (_name, call, code) => {
  const before = openFds();
  {
    using socket = UnixSocket.open('stream');
    expect(() => call(socket)).toThrow(expect.objectContaining({ code }));
  }
  expectNoNewFds(before);
});

test.each<[string, (socket: UnixSocket) => Promise<unknown>, string]>([
  ['send', (socket) => socket.send({} as any), TYPE],
  ['send timeout', (socket) => socket.send('a', { timeoutMs: -1 }), RANGE],
  ['receive timeout', (socket) => socket.receive({ timeoutMs: '1' as any }), TYPE],
  ['receive signal', (socket) => socket.receive({ signal: {} as any }), TYPE],
  ['accept options', (socket) => socket.accept(1 as any), TYPE],
  ['connect address', (socket) => socket.connect(1 as any), TYPE],
  ['connect timeout', (socket) => socket.connect('/a', { timeoutMs: Number.NaN }), RANGE],
])('%s rejects', async (_name, call, code) => {
  using socket = UnixSocket.open('stream');
  await expect(call(socket)).rejects.toMatchObject({ code });
});

test('a closed socket is EBADF in all that it does, and closing again is nothing', async () => {
  const socket = UnixSocket.open('datagram');
  const number = socket.fd;
  expect(inspect(socket)).toBe(`UnixSocket { datagram, fd: ${number} }`);
  socket.close();
  socket.close();
  expect([socket.isClosed, inspect(socket)]).toEqual([true, 'UnixSocket { datagram, closed }']);
  const calls: (() => unknown)[] = [
    () => socket.fd,
    () => socket.bind('/a'),
    () => socket.listen(),
    () => socket.tryAccept(),
    () => socket.trySend('a', { to: '/a' }),
    () => socket.tryReceive(),
    () => socket.passCredentials,
    () => (socket.sendBufferBytes = 1),
    () => socket.peerCredentials(),
    () => socket.peerPidfd(),
    () => socket.localAddress,
    () => socket.peerAddress,
    () => socket.shutdown('both'),
    () => socket.release(),
  ];
  for (const call of calls) expect(call).toThrow(expect.objectContaining({ code: 'EBADF' }));
  for (const wait of [socket.send('a'), socket.receive(), socket.accept(), socket.connect('/a')]) {
    await expect(wait).rejects.toMatchObject({ code: 'EBADF' });
  }
  for await (const _message of socket) expect.unreachable();
});
