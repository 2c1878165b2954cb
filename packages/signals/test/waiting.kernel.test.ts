import { describe, expect, test } from 'vitest';

import { runFixture, spawnFixture } from '@osx/test-support';

const fixture = new URL('fixtures/waiting.ts', import.meta.url);
const DONE = '{"done":true}';

async function lines(scenario: string): Promise<string[]> {
  const { stdout, ...end } = await runFixture(fixture, [scenario]);
  expect({ ...end, stdout }).toMatchObject({ code: 0, stderr: '' });
  return stdout.split('\n').slice(0, -1);
}

describe('waitForSignal', () => {
  test('resolves all who wait, with the first of several signals, and again', async () => {
    expect(await lines('wait: first of several, all waiters')).toEqual(['SIGUSR2 SIGUSR2 SIGUSR2 0', 'SIGHUP']);
  });
  test('misses nothing that comes while the event loop is blocked', async () => {
    expect(await lines('wait: blocked loop')).toEqual(['SIGUSR2']);
  });
  test('ends by time limit or AbortSignal, and listens no more', async () => {
    expect(await lines('wait: limits')).toEqual([
      'SystemError ETIMEDOUT ETIMEDOUT: no SIGUSR2 came within 20 ms, sigtimedwait',
      'SystemError ETIMEDOUT ETIMEDOUT: no SIGUSR2 or SIGHUP came within 0 ms, sigtimedwait',
      'Error undefined enough',
      '0',
    ]);
  });
  test('1,000 at once on one AbortSignal, without a warning', async () => {
    expect(await lines('wait: 1,000 on one AbortSignal')).toEqual(['true 0']);
  });
  test('leaves the signal to scopes as well', async () => {
    expect(await lines('wait: besides a scope')).toEqual(['scope', 'SIGUSR2']);
  });
});

test.each(['wait: keeps alive', 'iterate: keeps alive while next is pending'])(
  '%s, and lets the process end afterwards',
  async (scenario) => {
    await using child = await spawnFixture(fixture, [scenario]);
    child.kill('SIGUSR2');
    expect(await child.nextLine()).toBe('SIGUSR2');
    expect(await child.exited).toEqual({ code: 0, signal: null });
  },
);

describe('iterateSignals', () => {
  test('queues from the call on, in order of arrival, each signal once', async () => {
    expect(await lines('iterate: from the call on, in order, each once')).toEqual([
      'SIGUSR2',
      'SIGHUP SIGUSR2 0',
      `${DONE} ${DONE}`,
    ]);
  });
  test('serves several next() in order, and ends them when it closes', async () => {
    const came = '{"done":false,"value":"SIGUSR2"}';
    expect(await lines('iterate: several next at once')).toEqual([`[${came},${came},${DONE},${DONE}] 0`]);
  });
  test('throws the reason of an abort once, to a pending next() or the next one', async () => {
    expect(await lines('iterate: abort')).toEqual([
      `| Error undefined enough | ${DONE} 0`,
      `Error undefined enough ${DONE} | ${DONE} | ${DONE} 0`,
      'Error undefined enough SIGUSR2 0',
    ]);
  });
  test('ends with its block', async () => {
    expect(await lines('iterate: await using, closed by abort later')).toEqual(['true 1', '0', DONE]);
  });
  test('20,000 signals are one, and one after the last next() is not lost', async () => {
    expect(await lines('iterate: a burst')).toEqual(['SIGUSR2 SIGHUP', '0']);
  });
});
