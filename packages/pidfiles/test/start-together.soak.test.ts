import { join } from 'node:path';

import { expect, test } from 'vitest';

import { temporaryDirectory } from '@osx/test-support';

import { startPidfile } from './fixtures/pidfile-command.ts';
import { startTogether } from './fixtures/start-together.ts';

test('50 starters at once, 200 rounds, winners killed at random: never two, never none', async () => {
  const { violations, wins, kills } = await startTogether({ contenders: 50, rounds: 200, how: 'lock' });
  console.log(`${wins} winners, ${kills} of them killed`);
  expect(violations).toEqual([]);
  // 192 races and 8 queues.
  expect(wins).toBeGreaterThanOrEqual(192 + 8 * 50);
  expect(kills).toBeGreaterThan(30);
});

test('50 fresh programs at once: one runs, 49 name it', async () => {
  using directory = temporaryDirectory('fresh-starts');
  const all = Array.from({ length: 50 }, () => startPidfile(['lock', join(directory.path, 'job.pid')]));
  try {
    let ended = 0;
    await new Promise<void>((resolve) => {
      for (const { exited } of all) void exited.then(() => (ended += 1) === 49 && resolve());
    });
    const [winner, ...others] = all.filter(({ child }) => child.exitCode === null);
    expect(others).toEqual([]);
    const refused = all.filter((one) => one !== winner);
    expect(refused.map(({ child }) => child.exitCode)).toEqual(refused.map(() => 3));
    expect(refused.filter(({ stderr }) => !stderr.includes(`process ${winner?.pid} `))).toEqual([]);
    expect(await winner?.nextLine()).toBe(String(winner?.pid));
    winner?.child.stdin?.end();
    expect(await winner?.exited).toEqual({ code: 0, signal: null });
  } finally {
    await Promise.all(all.map((one) => one[Symbol.asyncDispose]()));
  }
});
