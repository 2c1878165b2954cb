import { readFileSync } from 'node:fs';

import { UnixSocket } from '@osx/sockets';
import type { SocketType } from '@osx/sockets';
import {
  asUnprivilegedUser,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  spawnFixture,
  straceInject,
  temporaryDirectory,
} from '@osx/test-support';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let before: Map<number, string>;
beforeAll(() => {
  using _loaded = UnixSocket.open('stream');
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

const self = { pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() };
const fixture = new URL('fixtures/credentials.ts', import.meta.url);

describe.each<SocketType>(['datagram', 'stream', 'seqpacket'])('%s', (type) => {
  test('passCredentials tells who sent, from when it is on', () => {
    const [a, b] = UnixSocket.pair(type);
    using left = a;
    using right = b;
    left.trySend('a');
    expect([right.passCredentials, right.tryReceive()?.credentials]).toEqual([false, undefined]);
    left.trySend('early');
    right.passCredentials = true;
    expect(right.tryReceive()).toMatchObject({ data: Buffer.from('early'), credentials: { pid: 0, uid: 65_534 } });
    left.trySend('b');
    left.trySend('c', { credentials: true });
    expect(right.tryReceive({ maxBytes: 1 })).toMatchObject({ data: Buffer.from('b'), credentials: self });
    expect(right.tryReceive({ maxBytes: 1 })).toMatchObject({ data: Buffer.from('c'), credentials: self });
    right.passCredentials = false;
    left.trySend('d', { credentials: true });
    expect(right.tryReceive()).not.toHaveProperty('credentials');
  });

  needs('root').test('root may speak for another process; a pid that is none is ESRCH', async () => {
    const [a, b] = UnixSocket.pair(type, { passCredentials: true });
    using left = a;
    using right = b;
    await using other = await spawnFixture(fixture, ['wait']);
    left.trySend('a', { credentials: { pid: other.pid, uid: 12, gid: 34 } });
    expect((await right.receive()).credentials).toEqual({ pid: other.pid, uid: 12, gid: 34 });
    left.trySend('a', { credentials: { gid: 5 } });
    expect((await right.receive()).credentials).toEqual({ ...self, gid: 5 });
    expect(() => left.trySend('a', { credentials: { pid: 2 ** 31 - 1 } })).toThrow(
      expect.objectContaining({ code: 'ESRCH' }),
    );
  });
});

needs('unprivileged-user').test(
  'who has no right to is refused false credentials, and only those; buffers are capped',
  async () => {
    using directory = temporaryDirectory('credentials', { mode: 0o777 });
    const { stdout, stderr } = await runFixture(fixture, ['forge'], { ...asUnprivilegedUser, cwd: directory.path });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      own: 1,
      pid: 'EPERM',
      uid: 'EPERM',
      gid: 'EPERM',
      isCapped: true,
      received: 'own',
    });
  },
);

test('a listener and its client know each other', async () => {
  using listener = UnixSocket.open('stream');
  listener.bind('auto');
  listener.listen();
  await using child = await spawnFixture(fixture, ['connect', JSON.stringify(listener.localAddress), listener.type]);
  using server = await listener.accept({ timeoutMs: 20_000 });
  expect(server.peerCredentials()).toEqual({ ...self, pid: child.pid });
  expect(await child.nextLine()).toBe(JSON.stringify(self));
});

test('what a listener accepts has its passCredentials', async () => {
  using listener = UnixSocket.open('stream', { passCredentials: true });
  listener.bind('auto');
  listener.listen();
  using client = UnixSocket.open('stream');
  await client.connect(listener.localAddress ?? '');
  client.trySend('a');
  using server = await listener.accept();
  expect(await server.receive()).toMatchObject({ data: Buffer.from('a'), credentials: self });
});

test('without a peer there are none', async () => {
  using datagram = UnixSocket.open('datagram');
  datagram.bind('auto');
  using other = UnixSocket.open('datagram');
  await other.connect(datagram.localAddress ?? '');
  for (const socket of [datagram, other]) {
    expect(() => socket.peerCredentials()).toThrow(expect.objectContaining({ code: 'ENOTCONN' }));
    expect(() => socket.peerPidfd()).toThrow(expect.objectContaining({ code: 'ENODATA' }));
  }
  const [a, b] = UnixSocket.pair('datagram');
  using left = a;
  using right = b;
  expect([left.peerCredentials(), right.peerCredentials()]).toEqual([self, self]);
});

needs('pidfs').test('the pidfd of the peer is the peer, and stays it when it is gone', async () => {
  using listener = UnixSocket.open('seqpacket');
  listener.bind('auto');
  listener.listen();
  const child = await spawnFixture(fixture, ['connect', JSON.stringify(listener.localAddress), listener.type]);
  using server = await listener.accept({ timeoutMs: 20_000 });
  using pidfd = server.peerPidfd();
  const pidOf = () => /^Pid:\s+(-?\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${pidfd.number}`, 'utf8'))?.[1];
  expect(pidOf()).toBe(`${child.pid}`);
  await child[Symbol.asyncDispose]();
  expect(pidOf()).toBe('-1');
  expect(server.peerCredentials().pid).toBe(child.pid);
});

needs('strace').test('a kernel without SO_PEERPIDFD is an UnsupportedError', async () => {
  const { stdout } = await straceInject(fixture, ['pidfd'], 'getsockopt:error=ENOPROTOOPT:when=1+', {
    whenReady: true,
  });
  expect(stdout.trim()).toBe('ENOTSUP SO_PEERPIDFD Linux 6.5');
});
