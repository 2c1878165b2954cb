import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { parseSignal } from '@osx/signals';
import { needs, runFixture, spawnFixture } from '@osx/test-support';
import type { FixtureProcess } from '@osx/test-support';

const fixture = new URL('fixtures/dispositions.ts', import.meta.url);

const withoutNativeLayer = {
  nodeArgs: ['--import', new URL('fixtures/missing-package.ts', import.meta.url).href],
  env: { OSX_TEST_MISSING: 'koffi' },
};

/** What the kernel says that the process does about a signal. */
function disposition(pid: number, signal: string): 'caught' | 'ignored' | 'default' {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const has = (field: string): boolean => {
    const [, bits] = new RegExp(`^${field}:\\s*([0-9a-f]+)$`, 'm').exec(status) as unknown as [string, string];
    return ((BigInt(`0x${bits}`) >> BigInt(parseSignal(signal) - 1)) & 1n) === 1n;
  };
  return has('SigCgt') ? 'caught' : has('SigIgn') ? 'ignored' : 'default';
}

async function tell(child: FixtureProcess, ...commands: string[]): Promise<void> {
  for (const command of commands) {
    child.send(command);
    expect(await child.nextLine()).toBe('done');
  }
}

needs('linux').describe('the last one out leaves the disposition as found', () => {
  // What Node 24 has from its start: SIGINT and SIGTERM put the terminal right, SIGUSR1 is the inspector's.
  const found = [
    ['SIGPIPE', 'ignored'],
    ['SIGXFSZ', 'ignored'],
    ['SIGUSR1', 'caught'],
    ['SIGTERM', 'caught'],
    ['SIGINT', 'caught'],
    ['SIGHUP', 'default'],
    ['SIGCHLD', 'default'],
  ] as const;

  test.each(found)('%s, %s', async (signal, before) => {
    await using child = await spawnFixture(fixture);
    const now = (): string => disposition(child.pid, signal);
    expect(now()).toBe(before);
    for (const kind of signal === 'SIGCHLD' ? ['handler', 'scope'] : ['handler', 'scope', 'iterate', 'shutdown']) {
      await tell(child, `${kind}:${signal}:a`);
      expect(now()).toBe('caught');
      await tell(child, `close::a`, `close::a`);
      expect(now()).toBe(before);
    }
    await tell(child, `wait:${signal}`);
    expect(now()).toBe(before);
    await tell(child, `refused wait:${signal}`);
    expect(now()).toBe(before);
  });

  test('several at once, closed in any order', async () => {
    await using child = await spawnFixture(fixture);
    const now = (): string => disposition(child.pid, 'SIGPIPE');
    await tell(child, 'handler:SIGPIPE:a', 'scope:SIGPIPE:b', 'handler:SIGPIPE:c', 'close::a', 'close::c');
    expect(now()).toBe('caught');
    await tell(child, 'handler:SIGPIPE:d', 'close::b');
    expect(now()).toBe('caught');
    await tell(child, 'close::d');
    expect(now()).toBe('ignored');
  });

  test('a foreign listener that was there before, and stays, keeps its signal', async () => {
    await using child = await spawnFixture(fixture);
    const now = (): string => disposition(child.pid, 'SIGPIPE');
    await tell(child, 'foreign on:SIGPIPE', 'handler:SIGPIPE:a', 'close::a');
    expect(now()).toBe('caught');
    // What Node makes of it, without us: the reason for all this.
    await tell(child, 'foreign off:SIGPIPE');
    expect(now()).toBe('default');
  });

  test('a foreign listener that came and went meanwhile', async () => {
    await using child = await spawnFixture(fixture);
    const now = (): string => disposition(child.pid, 'SIGPIPE');
    await tell(child, 'handler:SIGPIPE:a', 'foreign on:SIGPIPE', 'foreign off:SIGPIPE');
    expect(now()).toBe('caught');
    await tell(child, 'close::a');
    expect(now()).toBe('ignored');
  });

  test('a foreign listener that came meanwhile and stays: found again when we are the last out after all', async () => {
    await using child = await spawnFixture(fixture);
    const now = (): string => disposition(child.pid, 'SIGPIPE');
    await tell(child, 'handler:SIGPIPE:a', 'foreign on:SIGPIPE', 'close::a');
    expect(now()).toBe('caught');
    await tell(child, 'handler:SIGPIPE:b', 'foreign off:SIGPIPE', 'close::b');
    expect(now()).toBe('ignored');
  });

  test('a foreign listener by another name of the signal', async () => {
    await using child = await spawnFixture(fixture);
    const now = (): string => disposition(child.pid, 'SIGABRT');
    await tell(child, 'foreign on:SIGIOT', 'handler:SIGABRT:a', 'close::a');
    expect(now()).toBe('caught');
    await tell(child, 'handler:SIGABRT:b', 'foreign off:SIGIOT');
    expect(now()).toBe('caught');
    await tell(child, 'close::b');
    expect(now()).toBe('default');
  });

  test('a foreigner who removes all listeners', async () => {
    await using child = await spawnFixture(fixture);
    const now = (): string => disposition(child.pid, 'SIGPIPE');
    await tell(child, 'handler:SIGPIPE:a', 'remove all:SIGPIPE');
    expect(now()).toBe('caught');
    await tell(child, 'close::a');
    expect(now()).toBe('ignored');
  });

  test('what was found default is left to Node, and loads no native layer', async () => {
    await using child = await spawnFixture(fixture);
    await tell(child, 'handler:SIGHUP:a', 'scope:SIGUSR2:b', 'close::a', 'close::b', 'iterate:SIGWINCH:c', 'close::c');
    child.send('koffi');
    expect(await child.nextLine()).toBe('false');
    expect(await child.nextLine()).toBe('done');
    await tell(child, 'handler:SIGPIPE:d');
    child.send('koffi');
    expect(await child.nextLine()).toBe('true');
  });
});

needs('linux', 'python3').test('one copy of the package takes nothing from another that still listens', async () => {
  const ignoring = 'import os, signal, sys; signal.signal(37, signal.SIG_IGN); os.execvp(sys.argv[1], sys.argv[1:])';
  const sources = new URL('fixtures/realtime-sources.ts', import.meta.url);
  const { stdout } = await runFixture(sources, [], { prefix: ['python3', '-c', ignoring] });
  // Found by the first, and while the second is open left alone; the second found a handler, and leaves the default.
  expect(stdout.split('\n')[0]).toBe('ignored caught caught default caught caught default default');
});

needs('linux').test('without the native layer handlers work, and what Node leaves is left', async () => {
  await using child = await spawnFixture(fixture, [], withoutNativeLayer);
  await tell(child, 'handler:SIGPIPE:a', 'shutdown:SIGTERM:b');
  expect(disposition(child.pid, 'SIGPIPE')).toBe('caught');
  await tell(child, 'close::a');
  expect(disposition(child.pid, 'SIGPIPE')).toBe('default');
  child.kill('SIGTERM');
  expect(await child.exited).toMatchObject({ code: null, signal: 'SIGTERM' });
});

needs('linux').describe('a write to a pipe that nobody reads', () => {
  async function writeToClosedPipe(...commands: string[]) {
    await using child = await spawnFixture(fixture);
    await tell(child, ...commands);
    child.child.stdout?.destroy();
    child.send('write');
    const { exited } = child;
    child.child.stdin?.end();
    return { ...(await exited), stderr: child.stderr };
  }
  test('is EPIPE after our handlers have gone', async () => {
    const end = await writeToClosedPipe('handler:SIGPIPE:a', 'scope:SIGPIPE:b', 'close::b', 'close::a');
    expect(end).toMatchObject({ code: 0, signal: null, stderr: expect.stringContaining('EPIPE') });
  });
  test('kills a program that used process.on and process.off: the naive twin', async () => {
    expect(await writeToClosedPipe('foreign on:SIGPIPE', 'foreign off:SIGPIPE')).toMatchObject({ signal: 'SIGPIPE' });
  });
});
