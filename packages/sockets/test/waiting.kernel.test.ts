import { readFile } from 'node:fs/promises';

import { UnixSocket } from '@osx/sockets';
import { expectNoNewFds, openFds, runFixture, threadCount } from '@osx/test-support';
import { afterAll, beforeAll, expect, test } from 'vitest';

let before: Map<number, string>;
beforeAll(async () => {
  using _loaded = UnixSocket.open('stream');
  await readFile('/proc/self/stat');
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

test('1,000 receivers wait without threads, and fs answers meanwhile', async () => {
  const threads = threadCount();
  const pairs = Array.from({ length: 1_000 }, () => UnixSocket.pair('datagram'));
  const receives = pairs.map(([, right]) => right.receive({ timeoutMs: 60_000 }));
  expect((await readFile('/proc/self/stat')).length).toBeGreaterThan(0);
  expect(threadCount()).toBe(threads);
  for (const [index, [left]] of pairs.entries()) left.trySend(`${index}`);
  const received = await Promise.all(receives);
  expect(received.map(({ data }) => Number(data.toString()))).toEqual(pairs.map((_, index) => index));
  for (const socket of pairs.flat()) socket.close();
});

test('1,000 receives wait on one socket and are served in order', async () => {
  const [a, b] = UnixSocket.pair('seqpacket');
  using left = a;
  using right = b;
  const receives = Array.from({ length: 1_000 }, () => right.receive());
  expect(right.tryReceive()).toBeNull();
  for (let index = 0; index < 1_000; index += 1) await left.send(`${index}`);
  expect(right.tryReceive()).toBeNull();
  const received = await Promise.all(receives);
  expect(received.map(({ data }) => Number(data.toString()))).toEqual(received.map((_, index) => index));
});

test('what is asked for later does not overtake what waits, though it could be had at once', async () => {
  const [a, b] = UnixSocket.pair('datagram');
  using left = a;
  using right = b;
  const first = right.receive();
  left.trySend('1');
  const second = right.receive();
  left.trySend('2');
  expect([(await first).data.toString(), (await second).data.toString()]).toEqual(['1', '2']);

  while (left.trySend('x') !== null);
  const sends = [left.send('3')];
  right.tryReceive();
  sends.push(left.send('4'));
  const texts: string[] = [];
  while (texts.at(-1) !== '4') texts.push((await right.receive({ timeoutMs: 20_000 })).data.toString());
  expect(texts.slice(-2)).toEqual(['3', '4']);
  await Promise.all(sends);
});

test('an aborted or timed out receive has taken nothing, and makes way for the next', async () => {
  const [a, b] = UnixSocket.pair('datagram');
  using left = a;
  using right = b;
  const abort = new AbortController();
  const aborted = right.receive({ signal: abort.signal });
  const late = right.receive({ timeoutMs: 1 });
  const kept = right.receive();
  await expect(late).rejects.toMatchObject({ code: 'ETIMEDOUT', syscall: 'recvmsg' });
  abort.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  left.trySend('a');
  expect((await kept).data.toString()).toBe('a');
  await expect(right.receive({ signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
  await expect(right.receive({ timeoutMs: 0 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  left.trySend('b');
  expect((await right.receive({ timeoutMs: 0 })).data.toString()).toBe('b');
});

test('an aborted or timed out send has sent nothing, and makes way for the next', async () => {
  using receiver = UnixSocket.open('datagram');
  receiver.bind('auto');
  using sender = UnixSocket.open('datagram');
  const to = receiver.localAddress ?? '';
  let count = 0;
  while (sender.trySend('x', { to }) !== null) count += 1;
  const abort = new AbortController();
  const aborted = sender.send('aborted', { to, signal: abort.signal });
  const late = sender.send('late', { to, timeoutMs: 1 });
  const kept = sender.send('kept', { to });
  await expect(late).rejects.toMatchObject({ code: 'ETIMEDOUT', syscall: 'sendto' });
  abort.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  const texts: string[] = [];
  for (let index = 0; index <= count; index += 1) texts.push((await receiver.receive()).data.toString());
  expect([texts.at(-1), await kept]).toEqual(['kept', 4]);
  expect(receiver.tryReceive()).toBeNull();
});

test('a message that came while the loop was blocked is taken, though the time is over', async () => {
  const [a, b] = UnixSocket.pair('datagram');
  using left = a;
  using right = b;
  const receiving = right.receive({ timeoutMs: 30 });
  await new Promise((resolve) => setImmediate(resolve));
  left.trySend('in time');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
  expect((await receiving).data.toString()).toBe('in time');
});

test('close ends all that waits, in both directions and to every address', async () => {
  using receiver = UnixSocket.open('datagram');
  receiver.bind('auto');
  const to = receiver.localAddress ?? '';
  const socket = UnixSocket.open('datagram');
  while (socket.trySend('x', { to }) !== null);
  const waits = [socket.receive(), socket.receive(), socket.send('a', { to }), socket.send('b', { to })];
  socket.close();
  for (const wait of waits) {
    await expect(wait).rejects.toMatchObject({ code: 'EBADF', message: expect.stringContaining('closed') as string });
  }
  const [a, b] = UnixSocket.pair('stream');
  using _peer = b;
  const released = a.receive();
  using again = UnixSocket.fromFd(a.release());
  await expect(released).rejects.toMatchObject({ code: 'EBADF' });
  expect(again.isClosed).toBe(false);
});

test('what waits keeps the process alive, unless it is unreferenced', async () => {
  const fixture = new URL('fixtures/references.ts', import.meta.url);
  const { code, stdout } = await runFixture(fixture, ['unref']);
  expect([code, stdout.trim()]).toEqual([13, '']);
  const idle = await runFixture(fixture, ['idle']);
  expect([idle.code, idle.stdout.trim()]).toEqual([0, 'idle']);
  const referenced = await runFixture(fixture, ['ref']);
  expect([referenced.code, referenced.stdout.trim()]).toEqual([0, 'ETIMEDOUT']);
});

test('where no descriptor is left to wait with, the wait fails, and the next one does not', async () => {
  const { stdout, stderr } = await runFixture(new URL('fixtures/wait-without-descriptors.ts', import.meta.url));
  expect([stderr, JSON.parse(stdout)]).toEqual([
    '',
    { full: ['EMFILE', 'EMFILE', 'EMFILE'], free: ['a', 1], leaked: 0 },
  ]);
});
