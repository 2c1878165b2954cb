import { once } from 'node:events';
import { createConnection, createServer, Socket } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { text } from 'node:stream/consumers';

import { UnixSocket } from '@osx/sockets';
import type { UnixAddress } from '@osx/sockets';
import { expectNoNewFds, needs, openFds, temporaryDirectory } from '@osx/test-support';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';

let before: Map<number, string>;
beforeAll(() => {
  using _loaded = UnixSocket.open('stream');
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

/** Runs a Python program that prints JSON lines. */
async function python(
  program: string,
  args: string[],
  talk: (next: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const child = spawn('python3', ['-c', program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await talk(async () => JSON.parse((await lines.next()).value as string) as unknown);
  expect(await closed).toEqual([0, null]);
}

const PYTHON_PEER = `
import array, json, os, socket, struct, sys
kind, ours, theirs = getattr(socket, sys.argv[1]), bytes.fromhex(sys.argv[2]), bytes.fromhex(sys.argv[3])
s = socket.socket(socket.AF_UNIX, kind)
s.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
s.bind(ours)
if kind != socket.SOCK_DGRAM:
    s.listen()
print(json.dumps("ready"), flush=True)
c = s if kind == socket.SOCK_DGRAM else s.accept()[0]
c.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
data, control, flags, sender = c.recvmsg(100, socket.CMSG_SPACE(400) + socket.CMSG_SPACE(12), socket.MSG_CMSG_CLOEXEC)
fds, credentials = [], None
for level, type, payload in control:
    if type == socket.SCM_RIGHTS:
        fds += list(array.array("i", payload))
    if type == socket.SCM_CREDENTIALS:
        credentials = struct.unpack("iII", payload)
written = os.write(fds[-1], b"through the descriptor")
print(json.dumps([data.decode(), len(fds), credentials, flags & socket.MSG_CTRUNC, sender.hex() if isinstance(sender, bytes) else sender]), flush=True)
reply = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds)),
         (socket.SOL_SOCKET, socket.SCM_CREDENTIALS, struct.pack("iII", os.getpid(), os.getuid(), os.getgid()))]
c.sendmsg([b"re", b"ply"], reply, 0, *([theirs] if kind == socket.SOCK_DGRAM else []))
c.close()
`;

needs('python3').test.each(['datagram', 'stream', 'seqpacket'] as const)(
  'Python takes and gives descriptors and credentials: %s',
  async (type) => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/python`;
    const name = Buffer.from(`\0osx\0\xff${process.pid}`, 'latin1');
    using ours = UnixSocket.open(type, { passCredentials: true });
    ours.bind({ abstract: name.subarray(1) });
    const [readEnd, writeEnd] = UnixSocket.pair('stream');
    using reader = readEnd;
    using writer = writeEnd;
    const kind = { datagram: 'SOCK_DGRAM', stream: 'SOCK_STREAM', seqpacket: 'SOCK_SEQPACKET' }[type];
    await python(PYTHON_PEER, [kind, Buffer.from(path).toString('hex'), name.toString('hex')], async (next) => {
      expect(await next()).toBe('ready');
      const to = type === 'datagram' ? { to: path } : {};
      if (type !== 'datagram') await ours.connect(path);
      await ours.send('hello', { ...to, fds: [0, 1, writer.fd], credentials: true });
      const self = [process.pid, process.getuid?.(), process.getgid?.()];
      const sender = type === 'stream' ? '' : name.toString('hex');
      expect(await next()).toEqual([
        'hello',
        3,
        self,
        0,
        expect.toSatisfy((from) => type === 'stream' || from === sender),
      ]);
      const message = await ours.receive({ maxFds: 3, timeoutMs: 20_000 });
      expect(message).toMatchObject({ data: Buffer.from('reply'), fds: { length: 3 }, areFdsTruncated: false });
      expect(message.credentials).toMatchObject({ uid: process.getuid?.() });
      expect(message.credentials?.pid).not.toBe(process.pid);
      if (type === 'datagram') expect(message.from).toBe(path);
      else expect((await ours.receive()).isEndOfStream).toBe(true);
      for (const fd of message.fds) fd.close();
    });
    expect((await reader.receive()).data.toString()).toBe('through the descriptor');
  },
);

test("node:net's server serves our client, also by an abstract name", async () => {
  using directory = temporaryDirectory();
  const abstract = `osx-net-${process.pid}`;
  for (const [path, address] of [
    [`${directory.path}/server`, `${directory.path}/server`],
    [`\0${abstract}`, { abstract }],
  ] as [string, UnixAddress][]) {
    const server: Server = createServer((connection) => connection.pipe(connection));
    server.listen(path);
    await once(server, 'listening');
    using client = UnixSocket.open('stream');
    await client.connect(address);
    const sending = client.send(Buffer.alloc(1_000_000, 'x')).then(() => client.shutdown('write'));
    let bytes = 0;
    for await (const { data } of client) bytes += data.length;
    await sending;
    expect([bytes, client.peerAddress]).toEqual([1_000_000, address]);
    server.close();
    await once(server, 'close');
  }
});

test("node:net's client is served by ours, and a released socket becomes a net.Socket", async () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/server`;
  using listener = UnixSocket.open('stream');
  listener.bind(path);
  listener.listen();
  const client = createConnection(path);
  client.end('from net');
  const connection = await listener.accept();
  expect((await connection.receive()).data.toString()).toBe('from net');
  expect((await connection.receive()).isEndOfStream).toBe(true);
  const socket = new Socket({ fd: connection.release(), readable: false, writable: true });
  socket.end('to net');
  expect(await text(client)).toBe('to net');
  await Promise.all([socket.closed || once(socket, 'close'), client.closed || once(client, 'close')]);
});

test('a TCP listener that came over a socket serves', async () => {
  const [a, b] = UnixSocket.pair('datagram');
  using left = a;
  using right = b;
  const original = createServer().listen(0, '127.0.0.1');
  await once(original, 'listening');
  const { port } = original.address() as AddressInfo;
  left.trySend('listener', { fds: [(original as unknown as { _handle: { fd: number } })._handle.fd] });
  original.close();
  await once(original, 'close');
  const { fds } = await right.receive({ maxFds: 1 });
  const server = createServer((connection) => connection.end('still here')).listen({ fd: fds[0]?.release() as number });
  await once(server, 'listening');
  expect(await text(createConnection(port, '127.0.0.1'))).toBe('still here');
  server.close();
  await once(server, 'close');
});
