import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { needs, startJournald } from '@osx/test-support';
import { stopBetweenEntries } from './fixtures/stop-between-entries.ts';
import { sendUnderLoad } from './fixtures/under-load.ts';

const ROUNDS = Number(process.env['OSX_SOAK_ROUNDS'] ?? 40);

needs('journald', 'python3').describe(`${ROUNDS} times stopped, ended or killed under load`, () => {
  test.each(['wait', 'drop-oldest', 'drop-newest'] as const)('%s', async (whenFull) => {
    await using journald = await startJournald({ keepSocket: true });
    const result = await sendUnderLoad(journald, { whenFull, queueLimit: 200 }, async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await delay(Math.random() * 60);
        await stopBetweenEntries(journald);
        await delay(Math.random() * 60);
        if (round % 2 === 0) {
          journald.resume();
        } else {
          await journald.stop('SIGKILL');
          await journald.start();
        }
      }
    });
    expect({ ...result, all: result.stored + result.dropped }).toMatchObject({
      all: result.sent,
      storedTwice: 0,
      inOrder: true,
      reported: result.dropped,
    });
  });
});
