import { UnixSocket } from '@osx/sockets';
import { expectNoNewFds, openFds, temporaryDirectory } from '@osx/test-support';
import { expect, test } from 'vitest';

test('a datagram', async () => {
  using directory = temporaryDirectory();
  const before = openFds();
  {
    using a = UnixSocket.open('datagram');
    using b = UnixSocket.open('datagram');
    a.bind(`${directory.path}/a`);
    b.bind('auto');
    expect(b.trySend('hello', { to: a.localAddress!, fds: [0, 1] })).toBe(5);
    const message = await a.receive({ maxFds: 2 });
    expect(message.data.toString()).toBe('hello');
    expect(message.from).toEqual(b.localAddress);
    expect(message.fds.length).toBe(2);
    for (const fd of message.fds) fd.close();
    let n = 0;
    while (b.trySend(String(n), { to: a.localAddress! }) !== null) n++;
    console.log(n);
    const sends = [1, 2, 3].map((i) => b.send(String(100 + i), { to: a.localAddress! }));
    expect(b.trySend('x', { to: a.localAddress! })).toBe(null);
    const got: string[] = [];
    for (let i = 0; i < n + 3; i++) got.push((await a.receive()).data.toString());
    await Promise.all(sends);
    expect(got.slice(-3)).toEqual(['101', '102', '103']);
  }
  expectNoNewFds(before);
});
