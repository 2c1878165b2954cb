import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';

import { JournalReader, sendJournal } from '@osx/journald';
import { eventually, needs, startJournald, temporaryDirectory, type TestJournald } from '@osx/test-support';
import { expect, test } from 'vitest';

const BACKENDS = ['libsystemd', 'journalctl'] as const;
const EARLIER = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

needs('journald', 'mount').describe('several boots', () => {
  test('are listed in their order, and each is a place to go to', async () => {
    using directory = temporaryDirectory();
    await using journald = await startJournald({ started: false });
    for (const bootId of EARLIER) await writeInBoot(journald, bootId, directory.path);
    await journald.start();
    for (let n = 0; n < 3; n++) await sendJournal({ N: n, TEST: 'yes' }, { namespace: journald.namespace });
    await journald.sync();

    for (const backend of BACKENDS) {
      using reader = JournalReader.open({ namespace: journald.namespace, backend });
      const boots = await reader.boots();
      expect(boots.map(({ bootId }) => bootId).slice(0, 2)).toEqual(EARLIER.map((id) => id.replaceAll('-', '')));
      expect(boots.length).toBe(3);
      for (const [index, { bootId, firstRealtimeUsec, lastRealtimeUsec }] of boots.entries()) {
        expect(firstRealtimeUsec).toBeLessThan(lastRealtimeUsec);
        expect(await reader.seekBoot(bootId)).toBe(true);
        const first = await reader.next();
        expect(first).toMatchObject({ bootId, realtimeUsec: firstRealtimeUsec });
        expect(await reader.seekBoot(bootId)).toBe(true);
        const before = await reader.previous();
        expect(before?.bootId).toBe(boots[index - 1]?.bootId);
        expect(before?.realtimeUsec).toBe(boots[index - 1]?.lastRealtimeUsec);
      }
      // Over the boundary, in both directions, with matches.
      reader.addMatch('TEST', 'yes');
      await reader.seekHead();
      const numbers = [];
      for await (const entry of reader)
        numbers.push(`${boots.findIndex(({ bootId }) => bootId === entry.bootId)}${entry.get('N')}`);
      expect(numbers).toEqual(['00', '01', '02', '10', '11', '12', '20', '21', '22']);
      await reader.seekBoot(boots[1]?.bootId as string);
      expect((await reader.next())?.get('N')).toBe('0');
      expect((await reader.previous())?.bootId).toBe(boots[0]?.bootId);
    }
  });
});

/** Three entries of a journald that reads another boot id. */
async function writeInBoot(journald: TestJournald, bootId: string, directory: string): Promise<void> {
  writeFileSync(`${directory}/boot-id`, `${bootId}\n`);
  const mount = `mount --bind "${directory}/boot-id" /proc/sys/kernel/random/boot_id`;
  const script = `${mount} && exec /lib/systemd/systemd-journald "$0"`;
  const child = spawn('unshare', ['--mount', 'sh', '-c', script, journald.namespace], { stdio: 'ignore' });
  const ended = new Promise((resolve) => {
    child.once('close', resolve);
  });
  try {
    await eventually(() => existsSync(journald.socketPath), { timeoutMs: 30_000 });
    const { namespace } = journald;
    for (let n = 0; n < 3; n++) {
      await eventually(
        async () => {
          await sendJournal({ N: n, TEST: 'yes' }, { namespace });
          return true;
        },
        { timeoutMs: 30_000 },
      );
    }
    await journald.sync();
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}
