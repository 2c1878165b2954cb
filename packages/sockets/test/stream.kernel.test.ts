import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

import { Fd, isCloseOnExec, isNonblocking, open, setCloseOnExec } from '@osx/fds';
import { UnixSocket } from '@osx/sockets';
import { eventually, expectNoNewFds, openFds, runFixture, temporaryDirectory } from '@osx/test-support';
import { afterAll, beforeAll, expect, test } from 'vitest';

let before: Map<number, string>;
beforeAll(() => {
  using _loaded = UnixSocket.open('stream');
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

function listening(backlog?: number): UnixSocket {
  const listener = UnixSocket.open('stream');
  listener.bind('auto');
  listener.listen(backlog);
  return listener;
}

function addressOf(socket: UnixSocket) {
  return socket.localAddress ?? '';
}

test('a connection, both ways, to its end', async () => {
  using listener = listening();
  expect(listener.tryAccept()).toBeNull();
  using client = UnixSocket.open('stream');
  await client.connect(addressOf(listener));
  using server = listener.tryAccept() as UnixSocket;
  expect(client.trySend('ping')).toBe(4);
  expect(await server.receive()).toMatchObject({ data: Buffer.from('ping'), from: null, isEndOfStream: false });
  await server.send(['po', 'ng']);
  expect((await client.receive({ maxBytes: 3 })).data.toString()).toBe('pon');
  expect((await client.receive()).data.toString()).toBe('g');
  expect(await client.send('')).toBe(0);
  client.shutdown('write');
  expect(await server.receive()).toMatchObject({ data: Buffer.alloc(0), isEndOfStream: true });
  await server.send('after');
  expect((await client.receive()).data.toString()).toBe('after');
});

test('close-on-exec always; blocking mode where children expect it; a connect leaves the mode as it was', async () => {
  using listener = listening();
  const [a, b] = UnixSocket.pair('stream');
  using left = a;
  using right = b;
  using client = UnixSocket.open('stream');
  await client.connect(addressOf(listener));
  using server = await listener.accept();
  for (const { fd } of [left, right, client, server]) expect(isNonblocking(fd)).toBe(false);
  const { code, stdout } = await runFixture(new URL('fixtures/inherited-sockets.ts', import.meta.url), []);
  expect([code, stdout.trim()]).toEqual([0, '0']);
});

test('large sends go in pieces and arrive whole and in order', async () => {
  const [a, b] = UnixSocket.pair('stream');
  using left = a;
  using right = b;
  const parts = ['a', 'b', 'c'].map((letter) => Buffer.alloc(3_000_000, letter));
  const sends = Promise.all(parts.map((part) => left.send(part)));
  const first = right.tryReceive({ maxBytes: 1 << 20 })?.data as Buffer;
  expect(left.trySend('overtakes, for there is room')).toBeNull();
  const hash = createHash('sha256').update(first);
  let total = first.length;
  while (total < 9_000_000) {
    const { data } = await right.receive({ maxBytes: 1 << 20, timeoutMs: 20_000 });
    total += data.length;
    hash.update(data);
  }
  expect(await sends).toEqual([3_000_000, 3_000_000, 3_000_000]);
  expect(hash.digest('hex')).toBe(createHash('sha256').update(Buffer.concat(parts)).digest('hex'));
  const part = left.trySend(Buffer.alloc(3_000_000)) as number;
  expect(part).toBeGreaterThan(0);
  expect(part).toBeLessThan(3_000_000);
});

test('the peer is gone: EPIPE without SIGPIPE, and ECONNRESET where it left data untaken', async () => {
  const [a, b] = UnixSocket.pair('stream');
  using left = a;
  left.trySend('untaken');
  b.trySend('answer');
  b.close();
  expect(() => left.trySend('a')).toThrow(expect.objectContaining({ code: 'EPIPE' }));
  await expect(left.send('a')).rejects.toMatchObject({ code: 'EPIPE' });
  expect(left.tryReceive()?.data.toString()).toBe('answer');
  expect(() => left.tryReceive()).toThrow(expect.objectContaining({ code: 'ECONNRESET', syscall: 'recvmsg' }));
  expect(left.tryReceive()?.isEndOfStream).toBe(true);
});

test('no SIGPIPE even where its disposition is deadly', async () => {
  const { code, signal, stdout } = await runFixture(new URL('fixtures/broken-pipe.ts', import.meta.url));
  expect([code, signal, stdout.trim()]).toEqual([0, null, 'EPIPE EPIPE EPIPE']);
});

test('a send that waits fails when the peer goes', async () => {
  const [a, b] = UnixSocket.pair('stream');
  using left = a;
  const sending = left.send(Buffer.alloc(10_000_000));
  const next = left.send('next');
  b.close();
  await expect(sending).rejects.toMatchObject({ code: 'EPIPE' });
  await expect(next).rejects.toMatchObject({ code: 'EPIPE' });
});

test('a full backlog is waited for', async () => {
  using listener = listening(0);
  const clients = Array.from({ length: 4 }, () => UnixSocket.open('stream'));
  const connects = clients.map((client) => client.connect(addressOf(listener), { timeoutMs: 20_000 }));
  let done = 0;
  for (const connect of connects) void connect.then(() => (done += 1));
  await eventually(() => done === 1);
  await expect(clients[3]?.connect(addressOf(listener), { timeoutMs: 20 })).rejects.toMatchObject({
    code: 'ETIMEDOUT',
    syscall: 'connect',
  });
  for (let count = 0; count < 4; count += 1) (await listener.accept({ timeoutMs: 20_000 })).close();
  await Promise.all(connects);
  for (const client of clients) client.close();
});

test('waiting for a backlog ends by abort, by the end of the listener, and by close', async () => {
  const listener = listening(0);
  const to = addressOf(listener);
  using first = UnixSocket.open('stream');
  await first.connect(to);
  using second = UnixSocket.open('stream');
  const abort = new AbortController();
  const aborted = second.connect(to, { signal: abort.signal });
  abort.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  using third = UnixSocket.open('stream');
  const closed = third.connect(to);
  third.close();
  await expect(closed).rejects.toMatchObject({ code: 'EBADF' });
  const refused = second.connect(to);
  listener.close();
  await expect(refused).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('connections are accepted in order, by those who waited first', async () => {
  using listener = listening();
  const accepts = [listener.accept(), listener.accept(), listener.accept()];
  expect(listener.tryAccept()).toBeNull();
  for (const name of ['a', 'b', 'c']) {
    using client = UnixSocket.open('stream');
    await client.connect(addressOf(listener));
    client.trySend(name);
  }
  const names: string[] = [];
  for (const accept of accepts) {
    using server = await accept;
    names.push((await server.receive()).data.toString());
  }
  expect(names).toEqual(['a', 'b', 'c']);
  using unlistened = UnixSocket.open('stream');
  expect(() => unlistened.tryAccept()).toThrow(expect.objectContaining({ code: 'EINVAL', syscall: 'accept4' }));
  await expect(unlistened.receive()).rejects.toMatchObject({ code: 'EINVAL' });
  expect(() => unlistened.trySend('a')).toThrow(expect.objectContaining({ code: 'ENOTCONN' }));
});

test('a fast peer does not keep the loop from turning', async () => {
  const [a, b] = UnixSocket.pair('stream');
  using left = a;
  using right = b;
  let running = true;
  const timer = once(AbortSignal.timeout(20), 'abort').then(() => (running = false));
  let rounds = 0;
  while (running) {
    await left.send('x');
    await right.receive();
    rounds += 1;
    if (rounds > 5_000_000) expect.unreachable();
  }
  await timer;
});

test('taken over by number and by Fd; refused what is no Unix socket', async () => {
  const [a, b] = UnixSocket.pair('stream');
  using left = a;
  const number = b.release();
  expect(b.isClosed).toBe(true);
  setCloseOnExec(number, false);
  using right = UnixSocket.fromFd(number);
  expect(isCloseOnExec(number)).toBe(true);
  left.trySend('a');
  expect([right.type, right.fd, (await right.receive()).data.toString()]).toEqual(['stream', number, 'a']);
  using directory = temporaryDirectory();
  using file = open(`${directory.path}/file`, 'w');
  expect(() => UnixSocket.fromFd(file)).toThrow(expect.objectContaining({ code: 'ENOTSOCK' }));
  expect(file.isClosed).toBe(false);
  expect(() => UnixSocket.fromFd(999_999)).toThrow(expect.objectContaining({ code: 'EBADF' }));
  const owner = Fd.adopt(right.release());
  using again = UnixSocket.fromFd(owner);
  expect([owner.isClosed, again.fd]).toEqual([true, number]);
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { fd } = (server as unknown as { _handle: { fd: number } })._handle;
  expect(() => UnixSocket.fromFd(fd)).toThrow(expect.objectContaining({ code: 'EAFNOSUPPORT' }));
  server.close();
});
