import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { JournalWriterOptions } from '@osx/journald';
import { needs, startJournald } from '@osx/test-support';
import { stopBetweenEntries } from './fixtures/stop-between-entries.ts';
import { sendUnderLoad } from './fixtures/under-load.ts';

const ROUNDS = 3;
/** Entries that an unread socket holds. */
const SOCKET_HOLDS = 11;

const policies: JournalWriterOptions[] = [
  { whenFull: 'wait', queueLimit: 50 },
  { whenFull: 'drop-oldest', queueLimit: 50 },
  { whenFull: 'drop-newest', queueLimit: 50 },
];

needs('journald', 'python3').describe(
  'under load, with the socket kept as systemd does: stored and dropped are all that was sent',
  () => {
    test.each(policies)('stopped and resumed: %o', async (options) => {
      await using journald = await startJournald({ keepSocket: true });
      const result = await sendUnderLoad(journald, options, async () => {
        for (let round = 0; round < ROUNDS; round += 1) {
          await delay(20);
          await journald.pause();
          await delay(40);
          journald.resume();
        }
      });
      expectAllAccountedFor(result, options);
    });

    test.each(policies)('ended and started again: %o', async (options) => {
      await using journald = await startJournald({ keepSocket: true });
      const result = await sendUnderLoad(journald, options, async () => {
        for (let round = 0; round < ROUNDS; round += 1) {
          await delay(20);
          await stopBetweenEntries(journald);
          await journald.stop('SIGKILL');
          await delay(30);
          await journald.start();
        }
      });
      expectAllAccountedFor(result, options);
    });
  },
);

needs('journald').describe('under load, with a socket that ends with journald', () => {
  test.each(policies)('what the killed one had in its socket is lost, and no more: %o', async (options) => {
    await using journald = await startJournald();
    const result = await sendUnderLoad(journald, options, async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await delay(20);
        await stopBetweenEntries(journald);
        await journald.stop('SIGKILL');
        await delay(30);
        await journald.start();
      }
    });
    const lost = result.sent - result.stored - result.dropped;
    expect(lost).toBeGreaterThanOrEqual(0);
    expect(lost).toBeLessThanOrEqual(ROUNDS * SOCKET_HOLDS);
    expect(result).toMatchObject({ storedTwice: 0, inOrder: true });
  });
});

function expectAllAccountedFor(
  result: Awaited<ReturnType<typeof sendUnderLoad>>,
  { whenFull }: JournalWriterOptions,
): void {
  expect({ ...result, all: result.stored + result.dropped }).toMatchObject({
    all: result.sent,
    storedTwice: 0,
    inOrder: true,
    reported: result.dropped,
  });
  if (whenFull === 'wait') expect(result.dropped).toBe(0);
  else expect(result.dropped).toBeGreaterThan(0);
}
