import { unlinkSync } from 'node:fs';

import { UnixSocket } from '@osx/sockets';
import type { UnixAddress } from '@osx/sockets';
import { eventually, expectNoNewFds, needs, openFds, straceInject, temporaryDirectory } from '@osx/test-support';
import { afterAll, beforeAll, expect, test } from 'vitest';

let before: Map<number, string>;
beforeAll(() => {
  using _loaded = UnixSocket.open('datagram');
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

function bound(address: UnixAddress = 'auto'): UnixSocket & { localAddress: UnixAddress } {
  const socket = UnixSocket.open('datagram');
  try {
    socket.bind(address);
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket as UnixSocket & { localAddress: UnixAddress };
}

/** Sends until the receiver's queue is full. */
function fill(socket: UnixSocket, to?: UnixAddress): number {
  let count = 0;
  while (socket.trySend(`${count}`, to === undefined ? {} : { to }) !== null) count += 1;
  return count;
}

/** How often the event loop turns while it has nothing to do: a readiness that is none would turn it without rest. */
async function loopTurns(): Promise<number> {
  const { loopCount } = performance.nodeTiming.uvMetricsInfo;
  await new Promise((resolve) => setTimeout(resolve, 200));
  return performance.nodeTiming.uvMetricsInfo.loopCount - loopCount;
}
const FEW_TURNS = 50;

async function texts(socket: UnixSocket, count: number): Promise<string[]> {
  const received: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { data } = await socket.receive({ timeoutMs: 20_000 });
    received.push(data.toString());
  }
  return received;
}

test('messages keep their bounds, empty ones too, and tell their sender', async () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/receiver`;
  using receiver = bound(path);
  using sender = bound();
  using nameless = UnixSocket.open('datagram');
  expect(receiver.tryReceive()).toBeNull();
  expect(sender.trySend(['a', Buffer.from('b'), new Uint16Array([0x6363])], { to: path })).toBe(4);
  expect(sender.trySend('', { to: path })).toBe(0);
  expect(await nameless.send(Buffer.alloc(100_000, 'x'), { to: path })).toBe(100_000);
  expect(await receiver.receive()).toEqual({
    data: Buffer.from('abcc'),
    fds: [],
    from: sender.localAddress,
    isTruncated: false,
    areFdsTruncated: false,
    isEndOfStream: false,
  });
  expect(receiver.tryReceive()).toMatchObject({ data: Buffer.alloc(0), isEndOfStream: false });
  expect(receiver.tryReceive()).toMatchObject({ data: Buffer.alloc(100_000, 'x'), from: null });
  expect(receiver.localAddress).toBe(path);
});

test('what was received stays as it is when more comes', async () => {
  const [sender, receiver] = UnixSocket.pair('datagram');
  using _sender = sender;
  using _receiver = receiver;
  for (const text of ['first', 'other']) sender.trySend(text);
  const first = receiver.tryReceive();
  receiver.tryReceive();
  expect(first?.data.toString()).toBe('first');
});

test('abstract names are byte-exact', () => {
  const name = `osx-${process.pid}`;
  using short = bound({ abstract: name });
  using padded = bound({ abstract: `${name}\0` });
  using raw = bound({ abstract: Buffer.from(`\0\xff${name}`, 'latin1') });
  using sender = UnixSocket.open('datagram');
  for (const [socket, text] of [
    [short, 'short'],
    [padded, 'padded'],
    [raw, 'raw'],
  ] as const) {
    sender.trySend(text, { to: socket.localAddress });
    expect(socket.tryReceive()?.data.toString()).toBe(text);
  }
  expect(padded.localAddress).toEqual({ abstract: `${name}\0` });
  expect(() => bound({ abstract: name })).toThrow(expect.objectContaining({ code: 'EADDRINUSE', path: `@${name}` }));
});

test('a name of 107 bytes is used to its end', () => {
  using directory = temporaryDirectory('n', { mode: 0o700 });
  const path = `${directory.path}/`.padEnd(107, 'x');
  using receiver = bound(path);
  expect(receiver.localAddress).toBe(path);
  using sender = UnixSocket.open('datagram');
  expect(sender.trySend('a', { to: path })).toBe(1);
  const abstract = `${process.pid}-`.padEnd(107, 'y');
  using other = bound({ abstract });
  expect(other.localAddress).toEqual({ abstract });
});

test('autobind gives each its own abstract name', () => {
  using a = bound();
  using b = bound();
  expect(a.localAddress).toEqual({ abstract: expect.stringMatching(/^[0-9a-f]{5}$/) as string });
  expect(a.localAddress).not.toEqual(b.localAddress);
  using unbound = UnixSocket.open('datagram');
  expect([unbound.localAddress, unbound.peerAddress]).toEqual([null, null]);
});

test('a path is never replaced, and stays', () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/a`;
  const first = bound(path);
  expect(() => bound(path)).toThrow(expect.objectContaining({ code: 'EADDRINUSE', syscall: 'bind', path }));
  first.close();
  expect(() => bound(path)).toThrow(expect.objectContaining({ code: 'EADDRINUSE' }));
  unlinkSync(path);
  bound(path).close();
  expect(() => bound(`${directory.path}/missing/a`)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});

test('nobody there: ENOENT without a name, ECONNREFUSED behind a dead one, and a connected socket dies with its peer', async () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/a`;
  using sender = UnixSocket.open('datagram');
  const refused = (code: string) => expect.objectContaining({ code, syscall: 'sendto', path }) as Error;
  expect(() => sender.trySend('a', { to: path })).toThrow(refused('ENOENT'));
  const receiver = bound(path);
  using connected = UnixSocket.open('datagram');
  await connected.connect(path);
  expect(connected.peerAddress).toBe(path);
  receiver.close();
  await expect(sender.send('a', { to: path })).rejects.toThrow(refused('ECONNREFUSED'));
  expect(() => connected.trySend('a')).toThrow(expect.objectContaining({ code: 'ECONNREFUSED' }));
  unlinkSync(path);
  using restarted = bound(path);
  expect(sender.trySend('to whoever has the name', { to: path })).toBe(23);
  expect(restarted.tryReceive()?.data.toString()).toBe('to whoever has the name');
  expect(() => connected.trySend('a')).toThrow(expect.objectContaining({ code: 'ENOTCONN' }));
  await expect(sender.connect(`${path}x`)).rejects.toMatchObject({
    code: 'ENOENT',
    syscall: 'connect',
  });
});

test('a full queue is null, and send waits for room, in order, without turning the loop', async () => {
  using receiver = bound();
  using sender = UnixSocket.open('datagram');
  const to = receiver.localAddress;
  const count = fill(sender, to);
  expect(count).toBeGreaterThan(0);
  const sends = ['a', 'b', 'c'].map((text) => sender.send(text, { to }));
  expect(await loopTurns()).toBeLessThan(FEW_TURNS);
  const first = receiver.tryReceive()?.data.toString();
  expect(sender.trySend('overtakes, for there is room', { to })).toBeNull();
  const expected = [...Array.from({ length: count }, (_, n) => `${n}`), 'a', 'b', 'c'];
  expect([first, ...(await texts(receiver, count + 2))]).toEqual(expected);
  expect(await Promise.all(sends)).toEqual([1, 1, 1]);
  expect(sender.trySend('again', { to })).toBe(5);
});

test('a connected sender waits for room as well', async () => {
  using receiver = bound();
  using sender = UnixSocket.open('datagram');
  await sender.connect(receiver.localAddress);
  const count = fill(sender);
  const sending = sender.send('last');
  expect((await texts(receiver, count + 1)).at(-1)).toBe('last');
  expect(await sending).toBe(4);
});

test('who waits for one address holds up nobody who sends to another', async () => {
  using full = bound();
  using free = bound();
  using sender = UnixSocket.open('datagram');
  fill(sender, full.localAddress);
  const waiting = sender.send('late', { to: full.localAddress, timeoutMs: 20_000 });
  expect(sender.trySend('at once', { to: free.localAddress })).toBe(7);
  expect(await sender.send('too', { to: free.localAddress })).toBe(3);
  full.tryReceive();
  expect(await waiting).toBe(4);
});

test('while a send waits its receiver dies, and another takes the name and fills up', async () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/a`;
  using sender = UnixSocket.open('datagram');
  const first = bound(path);
  fill(sender, path);
  const lost = sender.send('lost', { to: path, timeoutMs: 20_000 });
  first.close();
  await expect(lost).rejects.toMatchObject({ code: 'ECONNREFUSED', path });

  unlinkSync(path);
  const second = bound(path);
  fill(sender, path);
  const kept = sender.send('kept', { to: path, timeoutMs: 20_000 });
  unlinkSync(path);
  using third = bound(path);
  using other = UnixSocket.open('datagram');
  const count = fill(other, path);
  second.close();
  expect(await loopTurns()).toBeLessThan(FEW_TURNS);
  expect((await texts(third, count + 1)).at(-1)).toBe('kept');
  await kept;
});

test('when the own buffer is full it waits for that', async () => {
  using receiver = bound();
  using sender = UnixSocket.open('datagram', { sendBufferBytes: 5_000 });
  const to = receiver.localAddress;
  const big = Buffer.alloc(4_000);
  let count = 0;
  while (sender.trySend(big, { to }) !== null) count += 1;
  expect(count).toBeLessThan(10);
  const sending = sender.send('a', { to });
  expect(await loopTurns()).toBeLessThan(FEW_TURNS);
  for (let index = 0; index < count; index += 1) receiver.tryReceive();
  expect(await sending).toBe(1);
});

test('EMSGSIZE is thrown, and a larger buffer takes it', async () => {
  using receiver = bound();
  using sender = UnixSocket.open('datagram', { sendBufferBytes: 10_000 });
  const to = receiver.localAddress;
  const most = sender.sendBufferBytes - 32;
  expect(most).toBe(19_968);
  expect(() => sender.trySend(Buffer.alloc(most + 1), { to })).toThrow(expect.objectContaining({ code: 'EMSGSIZE' }));
  await expect(sender.send(Buffer.alloc(most + 1), { to })).rejects.toMatchObject({
    code: 'EMSGSIZE',
    syscall: 'sendto',
  });
  expect(sender.trySend(Buffer.alloc(most), { to })).toBe(most);
  sender.sendBufferBytes = 20_000;
  expect(sender.trySend(Buffer.alloc(most + 1), { to })).toBe(most + 1);
  receiver.receiveBufferBytes = 30_000;
  expect(receiver.receiveBufferBytes).toBe(60_000);
});

needs('strace').test('ENOBUFS is thrown, not waited for', async () => {
  const program = new URL('fixtures/send-once.ts', import.meta.url);
  const { stdout, injected } = await straceInject(program, [], 'sendto:error=ENOBUFS:when=1+', { whenReady: true });
  expect([stdout.trim(), injected]).toEqual(['ENOBUFS ENOBUFS', true]);
});

test('maxBytes cuts a datagram and says so; without it none is too long', () => {
  using receiver = bound();
  using sender = UnixSocket.open('datagram', { sendBufferBytes: 1 << 20 });
  const to = receiver.localAddress;
  const long = Buffer.alloc(700_000, 'x');
  for (let count = 0; count < 3; count += 1) sender.trySend(count === 0 ? 'abcdef' : long, { to });
  expect(receiver.tryReceive({ maxBytes: 3 })).toMatchObject({ data: Buffer.from('abc'), isTruncated: true });
  expect(receiver.tryReceive({ maxBytes: 100_000 })).toMatchObject({ isTruncated: true, data: { length: 100_000 } });
  const whole = receiver.tryReceive();
  expect([whole?.data.equals(long), whole?.isTruncated]).toEqual([true, false]);
});

test('shut down for reading, a receive ends instead of turning for ever', async () => {
  using receiver = bound();
  const receiving = receiver.receive({ timeoutMs: 20_000 });
  receiver.shutdown('read');
  expect(await receiving).toMatchObject({ isEndOfStream: true });
  using sender = UnixSocket.open('datagram');
  expect(() => sender.trySend('a', { to: receiver.localAddress })).toThrow(expect.objectContaining({ code: 'EPIPE' }));
});

test('who is connected receives from its peer alone', async () => {
  using a = bound();
  using b = bound();
  using stranger = bound();
  await a.connect(b.localAddress);
  expect(() => stranger.trySend('x', { to: a.localAddress })).toThrow(expect.objectContaining({ code: 'EPERM' }));
  b.trySend('y', { to: a.localAddress });
  expect((await a.receive()).data.toString()).toBe('y');
});

test('the loop of messages ends at close', async () => {
  using sender = UnixSocket.open('datagram');
  const receiver = bound();
  const to = receiver.localAddress;
  const received: string[] = [];
  const done = (async () => {
    for await (const { data } of receiver) received.push(data.toString());
  })();
  await sender.send('a', { to });
  await sender.send('b', { to });
  await eventually(() => received.length === 2);
  receiver.close();
  await done;
  expect(received).toEqual(['a', 'b']);
});
