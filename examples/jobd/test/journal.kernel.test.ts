import { join } from 'node:path';

import {
  needs,
  runFixture,
  spawnFixture,
  startJournald,
  temporaryDirectory,
  type FixtureProcess,
} from '@osx/test-support';
import { expect, test } from 'vitest';

import { JobClient } from '../src/client.ts';

const jobd = new URL('../src/jobd.ts', import.meta.url);

async function lineOf(daemon: FixtureProcess, wanted: string): Promise<void> {
  while ((await daemon.nextLine()) !== wanted);
}

needs('journald').test(
  'the journal has what the daemon says, to its last word, with levels and lines of the source',
  async () => {
    await using journald = await startJournald();
    using directory = temporaryDirectory();
    const env = { JOBD_JOURNAL: journald.socketPath };
    await using daemon = await spawnFixture(jobd, [directory.path], { env });
    const client = await JobClient.connect(join(directory.path, 'jobd.sock'));
    await client.submit({ id: 'a', text: 'one' });
    await lineOf(daemon, 'recorded a');
    client.close();
    const refused = await runFixture(jobd, [directory.path], { env });
    expect(refused.stderr).toMatch(/^jobd: EEXIST/);
    daemon.kill('SIGTERM');
    expect((await daemon.exited).signal).toBe('SIGTERM');
    const entries = await journald.export(['SYSLOG_IDENTIFIER=jobd']);
    expect(
      entries.map((entry) => [entry.text('PRIORITY'), entry.text('MESSAGE')?.replace(/process \d+.*/, '...')]),
    ).toEqual([
      ['6', 'ready'],
      ['6', 'run a'],
      ['6', 'recorded a'],
      ['3', 'jobd: EEXIST: ...'],
      ['6', 'stopping SIGTERM'],
    ]);
    expect(entries[1]?.text('CODE_FILE')).toMatch(/job-queue\.ts$/);
    expect(entries[1]?.text('_PID')).toBe(String(daemon.pid));
  },
);

test('no journal there: it runs without', async () => {
  using directory = temporaryDirectory();
  const env = { JOBD_JOURNAL: join(directory.path, 'nothing') };
  await using daemon = await spawnFixture(jobd, [directory.path], { env });
  daemon.kill('SIGTERM');
  expect((await daemon.exited).signal).toBe('SIGTERM');
});
