import { expect } from 'vitest';
import { needs, runFixture, startJournald } from '@osx/test-support';

needs('journald').test('a Worker writes, hands over what is queued at its end, and leaves nothing open', async () => {
  await using journald = await startJournald();
  const result = await runFixture(`${import.meta.dirname}/fixtures/write-in-worker.ts`, [journald.socketPath]);
  expect(result).toMatchObject({ code: 0, stdout: '0\n', stderr: '' });
  const stored = await journald.export(['_TRANSPORT=journal']);
  const counts = Map.groupBy(stored, (entry) => entry.text('MESSAGE'));
  expect([...counts].map(([how, entries]) => [how, entries.length])).toEqual([
    ['end', 200],
    ['exit', 100],
    ['terminate', 100],
  ]);
});
