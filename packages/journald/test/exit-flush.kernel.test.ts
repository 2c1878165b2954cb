import { expect, test } from 'vitest';
import { eventually, needs, runFixture, spawnFixture, startJournald } from '@osx/test-support';
import type { TestJournald } from '@osx/test-support';

const fixture = `${import.meta.dirname}/fixtures/write-and-exit.ts`;

needs('journald').describe('what is queued when the process exits', () => {
  test.each([
    ['by its end', 'end', 0],
    ['by process.exit()', 'exit', 7],
    ['by an exception', 'throw', 1],
    ['by a rejection', 'reject', 1],
  ])('%s is handed over as journald reads', async (_name, how, code) => {
    await using journald = await startJournald();
    await journald.pause();
    await using child = await spawnFixture(fixture, [journald.socketPath, how, '200'], { allowNodeWarnings: true });
    await child.nextLine();
    journald.resume();
    expect(await child.exited).toMatchObject({ code });
    expect(await numbers(journald)).toEqual(range(200));
  });

  test('by sendJournal too', async () => {
    await using journald = await startJournald();
    await journald.pause();
    await using child = await spawnFixture(fixture, [journald.socketPath, 'send', '50']);
    await child.nextLine();
    journald.resume();
    await child.exited;
    expect((await numbers(journald)).toSorted((a, b) => a - b)).toEqual(range(51));
  });

  test('a journald that never reads does not hold the process for long, and the queue alone does not keep it', async () => {
    await using journald = await startJournald();
    await journald.pause();
    for (const how of ['exit', 'end']) {
      const result = await runFixture(fixture, [journald.socketPath, how], { timeoutMs: 30_000 });
      expect(result.code).toBe(how === 'exit' ? 7 : 0);
    }
    await journald.stop('SIGKILL');
    const refused = await runFixture(fixture, [journald.socketPath, 'end']);
    const absent = await runFixture(fixture, ['/nonexistent/socket', 'end']);
    expect([refused.code, absent.code]).toEqual([0, 0]);
  });

  test('a flush keeps the process alive until it is done', async () => {
    await using journald = await startJournald();
    await journald.pause();
    await using child = await spawnFixture(fixture, [journald.socketPath, 'flush']);
    await child.nextLine();
    await eventually(() => child.child.exitCode === null);
    journald.resume();
    expect(await child.nextLine()).toBe('flushed');
    expect(await child.exited).toMatchObject({ code: 0 });
    expect(await numbers(journald)).toEqual(range(50));
  });

  test('there is no listener while nothing is queued', async () => {
    await using journald = await startJournald();
    const result = await runFixture(fixture, [journald.socketPath, 'end', '5']);
    expect(result).toMatchObject({ code: 0, stdout: 'ready\n0\n' });
  });
});

async function numbers(journald: TestJournald): Promise<number[]> {
  return (await journald.export(['_TRANSPORT=journal'])).map((entry) => Number(entry.text('N')));
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
