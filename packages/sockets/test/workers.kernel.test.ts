import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { UnixSocket } from '@osx/sockets';
import { openFds } from '@osx/test-support';
import { expect, test } from 'vitest';

const fixture = new URL('fixtures/worker.ts', import.meta.url);

function socketCount(): number {
  return [...openFds().values()].filter((target) => target.startsWith('socket:') || target === '/dev/null').length;
}

test('a Worker takes over a socket, answers with descriptors, and leaves none', async () => {
  using listener = UnixSocket.open('seqpacket');
  listener.bind('auto');
  listener.listen();
  // What waits keeps a duplicate for the next wait.
  await expect(listener.accept({ timeoutMs: 1 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  const before = socketCount();
  for (let round = 0; round < 3; round += 1) {
    const [ours, theirs] = UnixSocket.pair('seqpacket');
    using left = ours;
    const worker = new Worker(fixture, {
      workerData: { mode: 'echo', fd: theirs.release(), to: listener.localAddress },
    });
    const exited = once(worker, 'exit');
    left.trySend('ping', { fds: [left.fd] });
    const { data, fds } = await left.receive({ maxFds: 5, timeoutMs: 60_000 });
    expect([data.toString(), fds.length]).toEqual(['ping', 2]);
    for (const fd of fds) fd.close();
    using connection = await listener.accept({ timeoutMs: 60_000 });
    expect((await connection.receive({ timeoutMs: 60_000 })).data.toString()).toBe('connected');
    expect(await exited).toEqual([0]);
  }
  expect(socketCount()).toBe(before);
});

test('Workers ended while they receive, send and connect leave no descriptor', async () => {
  const before = socketCount();
  for (let round = 0; round < 6; round += 1) {
    const [ours, theirs] = UnixSocket.pair('datagram');
    using left = ours;
    left.trySend('held', { fds: [left.fd, left.fd] });
    const worker = new Worker(fixture, { workerData: { mode: 'hold', fd: theirs.release() } });
    await once(worker, 'message');
    expect(socketCount()).toBeGreaterThan(before + 5);
    // In the very moment of a wake-up too.
    if (round % 2 === 0) left.trySend('wake', { fds: [left.fd] });
    await worker.terminate();
  }
  expect(socketCount()).toBe(before);
});

test('what a Worker released outlives it', async () => {
  const before = socketCount();
  {
    const worker = new Worker(fixture, { workerData: { mode: 'give' } });
    const exited = once(worker, 'exit');
    const [[fd, leaked]] = (await once(worker, 'message')) as [[number, number]];
    expect(leaked).toBe(0);
    await exited;
    using socket = UnixSocket.fromFd(fd);
    expect((await socket.receive()).data.toString()).toBe('left behind');
    expect((await socket.receive()).isEndOfStream).toBe(true);
  }
  expect(socketCount()).toBe(before);
});
