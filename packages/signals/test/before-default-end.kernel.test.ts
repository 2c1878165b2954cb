import { runFixture, spawnFixture } from '@osx/test-support';
import { beforeDefaultEnd } from '@osx/signals';
import { describe, expect, test } from 'vitest';

const fixture = new URL('./fixtures/last-words.ts', import.meta.url);
const missing = new URL('./fixtures/missing-package.ts', import.meta.url);
const timeout = 60_000;

async function rest(child: Awaited<ReturnType<typeof spawnFixture>>): Promise<unknown[]> {
  const { code, signal } = await child.exited;
  return [...child.takeLines(), code ?? signal];
}

describe.each([
  ['with the native layer', {}],
  ['without it', { nodeArgs: ['--import', missing.href], env: { OSX_TEST_MISSING: 'koffi' } }],
])('%s', (_, options) => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'called before %s ends the process by itself',
    { timeout },
    async (signal) => {
      await using child = await spawnFixture(fixture, [], options);
      child.kill(signal);
      expect(await rest(child)).toEqual(['last word', signal]);
    },
  );

  // Which of two handles of a signal libuv calls first depends on where they are in memory.
  test.each(['once', 'once-early'])(
    'a listener of the program is in charge as long as it is there: %s',
    { timeout },
    async (act) => {
      await using child = await spawnFixture(fixture, [act], options);
      child.kill('SIGTERM');
      expect(await child.nextLine()).toBe('handled');
      expect(await child.nextLine()).toBe('still there');
      child.kill('SIGTERM');
      expect(await rest(child)).toEqual(['last word', 'SIGTERM']);
    },
  );

  test('another signal than the one that is listened to ends the process', { timeout }, async () => {
    await using child = await spawnFixture(fixture, ['listen'], options);
    child.kill('SIGTERM');
    expect(await child.nextLine()).toBe('handled');
    child.kill('SIGHUP');
    expect(await rest(child)).toEqual(['last word', 'SIGHUP']);
  });
});

test('who takes its listener away to die by the signal, dies with it', { timeout }, async () => {
  const { stdout, signal } = await runFixture(fixture, ['kill']);
  expect([stdout, signal]).toEqual(['ready\nlast word\n', 'SIGTERM']);
});

test(
  'called by raiseDefault, whichever signal it raises, and at the end of a graceful shutdown',
  { timeout },
  async () => {
    const { stdout, signal } = await runFixture(fixture, ['raise']);
    expect([stdout, signal]).toEqual(['last word\n', 'SIGUSR2']);
    await using child = await spawnFixture(fixture, ['graceful']);
    child.kill('SIGTERM');
    expect(await rest(child)).toEqual(['cleanup', 'last word', 'SIGTERM']);
  },
);

test('closed: not called, and the signal ends the process', { timeout }, async () => {
  await using child = await spawnFixture(fixture, ['close']);
  child.kill('SIGTERM');
  expect(await rest(child)).toEqual(['SIGTERM']);
});

test('is in no list of listeners', { timeout }, async () => {
  const { stdout } = await runFixture(fixture, ['count', 'raise']);
  expect(stdout).toBe('0\nlast word\n');
});

test.each([
  ['SIGKILL', 'ERR_INVALID_ARG_VALUE'],
  ['SIGCHLD', 'ERR_INVALID_ARG_VALUE'],
  ['SIGSEGV', 'ERR_INVALID_ARG_VALUE'],
  [[], 'ERR_INVALID_ARG_VALUE'],
])('refuses %j', (signals, code) => {
  expect(() => beforeDefaultEnd(signals, () => {})).toThrow(expect.objectContaining({ code }) as Error);
});

test('refuses what is no function', () => {
  expect(() => beforeDefaultEnd('SIGTERM', 1 as never)).toThrow(TypeError);
});
