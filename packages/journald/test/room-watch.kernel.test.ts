import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { UnixSocket } from '@osx/sockets';
import { eventually, expectNoNewFds, openFds, temporaryDirectory } from '@osx/test-support';
import { RoomWatch } from '../src/internal/room-watch.ts';

/** Long enough for a callback that should not come. */
const A_WHILE_MS = 60;

function receiverAt(path: string): UnixSocket {
  rmSync(path, { force: true });
  const receiver = UnixSocket.open('datagram');
  receiver.bind(path);
  return receiver;
}

function fill(sender: UnixSocket, to: string, data = 'x'): void {
  while (sender.trySend(data, { to }) !== null);
}

function waitOn(room: RoomWatch): { isOver: boolean } {
  const wait = { isOver: false };
  room.wait(() => (wait.isOver = true));
  return wait;
}

test('the wait is over when the receiver reads, and not before', async () => {
  using directory = temporaryDirectory('room');
  const path = `${directory.path}/socket`;
  using receiver = receiverAt(path);
  using sender = UnixSocket.open('datagram');
  const room = new RoomWatch(sender, path);
  fill(sender, path);
  const wait = waitOn(room);
  await delay(A_WHILE_MS);
  expect(wait.isOver).toBe(false);
  receiver.tryReceive();
  await eventually(() => wait.isOver);
  expect(sender.trySend('x', { to: path })).toBe(1);
  room.close();
});

test('when the receiver dies, the wait is over; the next one is for the new receiver', async () => {
  using directory = temporaryDirectory('room');
  const path = `${directory.path}/socket`;
  const first = receiverAt(path);
  using sender = UnixSocket.open('datagram');
  const room = new RoomWatch(sender, path);
  fill(sender, path);
  const wait = waitOn(room);
  first.close();
  await eventually(() => wait.isOver);
  using second = receiverAt(path);
  fill(sender, path);
  const next = waitOn(room);
  await delay(A_WHILE_MS);
  expect(next.isOver).toBe(false);
  second.tryReceive();
  await eventually(() => next.isOver);
  room.close();
});

test('when it is our own buffer that is full, the second wait is for that', async () => {
  using directory = temporaryDirectory('room');
  const path = `${directory.path}/socket`;
  using receiver = receiverAt(path);
  using sender = UnixSocket.open('datagram');
  const room = new RoomWatch(sender, path);
  fill(sender, path, 'x'.repeat(100_000));
  const wait = waitOn(room);
  await eventually(() => wait.isOver);
  const next = waitOn(room);
  await delay(A_WHILE_MS);
  expect(next.isOver).toBe(false);
  while (receiver.tryReceive() !== null);
  await eventually(() => next.isOver);
  room.close();
});

test('a wait that is cancelled never ends, and nothing stays open', async () => {
  using directory = temporaryDirectory('room');
  const path = `${directory.path}/socket`;
  const before = openFds();
  {
    using receiver = receiverAt(path);
    using sender = UnixSocket.open('datagram');
    const room = new RoomWatch(sender, path);
    for (let round = 0; round < 4; round += 1) {
      fill(sender, path);
      let isOver = false;
      const wait = room.wait(() => (isOver = true));
      wait.cancel();
      receiver.tryReceive();
      await delay(10);
      expect(isOver).toBe(false);
    }
    room.close();
  }
  expectNoNewFds(before);
});
