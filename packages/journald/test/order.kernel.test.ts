import { expect, test } from 'vitest';
import { JournalWriter, sendJournal } from '@osx/journald';
import { UnixSocket } from '@osx/sockets';
import { eventually, temporaryDirectory } from '@osx/test-support';
import { readEntry } from '../src/internal/read-entry.ts';

/** A journald of which every step is the test's. */
function receiverIn(directory: { path: string }): {
  socketPath: string;
  receiver: UnixSocket;
  next: () => string | undefined;
} {
  const socketPath = `${directory.path}/socket`;
  const receiver = UnixSocket.open('datagram');
  receiver.bind(socketPath);
  return {
    socketPath,
    receiver,
    next: () => {
      const message = receiver.tryReceive();
      return message === null
        ? undefined
        : readEntry(message.data)
            .find(([name]) => name === 'MESSAGE')?.[1]
            .toString();
    },
  };
}

test('a flush waits for the report of the loss too', async () => {
  using directory = temporaryDirectory('order');
  const { socketPath, receiver, next } = receiverIn(directory);
  using _receiver = receiver;
  await using writer = new JournalWriter({ socketPath, queueLimit: 1, whenFull: 'drop-newest' });
  for (let n = 0; writer.dropped < 5; n += 1) await writer.send({ MESSAGE: n });
  let isFlushed = false;
  const flushed = writer.flush().then(() => (isFlushed = true));
  next();
  await eventually(() => writer.queued === 0);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(isFlushed).toBe(false);
  const messages: string[] = [];
  await eventually(() => {
    for (let text = next(); text !== undefined; text = next()) messages.push(text);
    return isFlushed;
  });
  await flushed;
  for (let text = next(); text !== undefined; text = next()) messages.push(text);
  expect(messages.at(-1)).toMatch(/^5 entries were lost/);
});

test('a small entry does not pass a large one that waits for room', async () => {
  using directory = temporaryDirectory('order');
  const { socketPath, receiver, next } = receiverIn(directory);
  using _receiver = receiver;
  await using writer = new JournalWriter({ socketPath, queueLimitBytes: 10_000 });
  let filled = 0;
  for (; writer.queued === 0; filled += 1) await writer.send({ MESSAGE: 'filling' });
  await writer.send({ MESSAGE: 'first', VALUE: 'x'.repeat(6_000) });
  const sends = [
    writer.send({ MESSAGE: 'large', VALUE: 'x'.repeat(6_000) }),
    writer.send({ MESSAGE: 'small' }),
    writer.send({ MESSAGE: 'last' }),
  ];
  const messages: (string | undefined)[] = [];
  await eventually(() => {
    for (let text = next(); text !== undefined; text = next()) messages.push(text);
    return messages.length === filled + 4;
  });
  await Promise.all(sends);
  expect(messages.slice(filled)).toEqual(['first', 'large', 'small', 'last']);
});

test('a sendJournal that gave up is not sent with those that wait on', async () => {
  using directory = temporaryDirectory('order');
  const { socketPath, receiver, next } = receiverIn(directory);
  using _receiver = receiver;
  const filling = Array.from({ length: 15 }, (_, n) => sendJournal({ MESSAGE: `filling ${n}` }, { socketPath }));
  const late = sendJournal({ MESSAGE: 'gave up' }, { socketPath, timeoutMs: 10 });
  const last = sendJournal({ MESSAGE: 'last' }, { socketPath });
  await expect(late).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  const messages: string[] = [];
  await eventually(() => {
    for (let text = next(); text !== undefined; text = next()) messages.push(text);
    return messages.length >= 16;
  });
  await Promise.all([...filling, last]);
  expect(next()).toBeUndefined();
  expect(messages.slice(-2)).toEqual(['filling 14', 'last']);
});
