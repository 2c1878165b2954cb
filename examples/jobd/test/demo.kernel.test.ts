import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { asUnprivilegedUser, eventually, needs, runFixture, spawnFixture, temporaryDirectory } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

import { mutants } from './mutants.ts';
import { playMutant } from './play-mutant.ts';

const demo = new URL('../src/demo.ts', import.meta.url);
const kept = / steps in [\d.]+ s: \d+ jobs acknowledged, \d+ kills, none lost, none recorded twice\.\n$/;
const timeoutMs = 120_000;

test('the demo plays to its end, and leaves nothing', { timeout: timeoutMs }, async () => {
  using directory = temporaryDirectory();
  const { code, stdout, stderr } = await runFixture(demo, [], { env: { TMPDIR: directory.path }, timeoutMs });
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(kept);
  const journalSteps = stdout.includes('not shown: ') ? 0 : 1;
  expect(stdout.match(/ ms {2}.* {2}ok$/gm)).toHaveLength(19 + journalSteps);
  expect(readdirSync(directory.path)).toEqual([]);
});

needs('journald').test('it shows what the daemon told the journal, read back', { timeout: timeoutMs }, async () => {
  const { code, stdout, stderr } = await runFixture(demo, ['--kills', '1'], { timeoutMs });
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/a journald of its own has all \d+ lines of the last daemon, in order; .* ok\n/);
  expect(stdout).toMatch(/ {2}info {2}jobd\[\d+\] {2}stopping SIGTERM {2}\(jobd\.ts:\d+\)\n/);
});

needs('unprivileged-user').test('it needs no root', { timeout: timeoutMs }, async () => {
  using directory = temporaryDirectory('demo', { mode: 0o777 });
  const { code, stdout, stderr } = await runFixture(demo, ['--kills', '1'], {
    ...asUnprivilegedUser,
    cwd: directory.path,
    env: { TMPDIR: directory.path },
    timeoutMs,
  });
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(kept);
});

// The long run has more of them.
describe('the demo finds a jobd that', () => {
  test.for([
    'acknowledges before the job is durable',
    'writes its state with writeFile',
    'forgets what was done',
    'does not look at the pidfile',
    'exits with code 143',
    'has workers without a pact',
  ] as const)('%s', { timeout: timeoutMs }, async (name) => {
    const mutant = mutants[name]!;
    const { code, stdout } = await playMutant(mutant);
    expect(stdout).toMatch(mutant.found);
    expect(code).toBe(1);
  });
});

test('interrupted, it ends by that signal, and leaves nothing', { timeout: timeoutMs }, async () => {
  using directory = temporaryDirectory();
  await using running = await spawnFixture(new URL('fixtures/demo-after-ready.ts', import.meta.url), [], {
    env: { TMPDIR: directory.path },
  });
  const place = await eventually(() => readdirSync(directory.path)[0], { timeoutMs });
  await eventually(() => readdirSync(join(directory.path, place)).includes('jobd.sock'), { timeoutMs });
  running.kill('SIGINT');
  expect(await running.exited).toEqual({ code: null, signal: 'SIGINT' });
  expect(readdirSync(directory.path)).toEqual([]);
});
