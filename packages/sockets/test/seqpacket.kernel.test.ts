import { UnixSocket } from '@osx/sockets';
import { expectNoNewFds, openFds, temporaryDirectory } from '@osx/test-support';
import { afterAll, beforeAll, expect, test } from 'vitest';

let before: Map<number, string>;
beforeAll(() => {
  using _loaded = UnixSocket.open('seqpacket');
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

test('packets keep their bounds, and what maxBytes cuts off is lost and said', () => {
  const [a, b] = UnixSocket.pair('seqpacket');
  using left = a;
  using right = b;
  expect(left.type).toBe('seqpacket');
  for (const text of ['abcdef', 'gh', 'x'.repeat(100_000)]) expect(left.trySend(text)).toBe(text.length);
  expect(right.tryReceive({ maxBytes: 4 })).toMatchObject({ data: Buffer.from('abcd'), isTruncated: true });
  expect(right.tryReceive({ maxBytes: 4 })).toMatchObject({ data: Buffer.from('gh'), isTruncated: false });
  expect(right.tryReceive()).toMatchObject({ data: { length: 100_000 }, isTruncated: false });
  expect(right.tryReceive()).toBeNull();
});

test.each([true, false])('an empty packet is no end, and the end is (passCredentials %s)', async (passCredentials) => {
  const [a, b] = UnixSocket.pair('seqpacket', { passCredentials });
  using left = a;
  using right = b;
  left.trySend('');
  left.trySend('');
  left.trySend('a');
  left.trySend('');
  left.close();
  const seen: (string | null)[] = [];
  for (let index = 0; index < 6; index += 1) {
    const { data, isEndOfStream } = await right.receive(index % 2 === 0 ? { maxBytes: 10 } : {});
    seen.push(isEndOfStream ? null : data.toString());
  }
  expect(seen).toEqual(['', '', 'a', '', null, null]);
  expect(right.passCredentials).toBe(passCredentials);
});

test('an empty packet carries descriptors', () => {
  const [a, b] = UnixSocket.pair('seqpacket');
  using left = a;
  using right = b;
  left.trySend('', { fds: [0] });
  const message = right.tryReceive({ maxFds: 1 });
  expect(message).toMatchObject({
    data: { length: 0 },
    fds: { length: 1 },
    areFdsTruncated: false,
    isEndOfStream: false,
  });
  for (const fd of message?.fds ?? []) fd.close();
});

test('packets over a listener', async () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/listener`;
  using listener = UnixSocket.open('seqpacket');
  listener.bind(path);
  listener.listen();
  using client = UnixSocket.open('seqpacket');
  await client.connect(path);
  using server = await listener.accept();
  expect([client.peerAddress, server.localAddress, server.peerAddress]).toEqual([path, path, null]);
  const count = fill(client);
  const sending = client.send('last', { timeoutMs: 20_000 });
  for (let index = 0; index < count; index += 1) await server.receive();
  expect((await server.receive({ timeoutMs: 20_000 })).data.toString()).toBe('last');
  await sending;
  await expect(client.connect(path)).rejects.toMatchObject({ code: 'EISCONN' });
  using wrong = UnixSocket.open('stream');
  await expect(wrong.connect(path)).rejects.toMatchObject({ code: 'EPROTOTYPE', path });
});

function fill(socket: UnixSocket): number {
  let count = 0;
  while (socket.trySend(Buffer.alloc(1_000)) !== null) count += 1;
  return count;
}
