import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { eventually, needs, runFixture, spawnFixture } from '@osx/test-support';

const fixture = new URL('fixtures/scopes.ts', import.meta.url);

/** The kernel stops nobody by SIGTSTP in a group whose parents are all outside the session, or all in the group. */
const ownGroup = ['python3', '-c', 'import os, sys; os.setpgid(0, 0); os.execvp(sys.argv[1], sys.argv[1:])'];

async function play(scenario: string, nodeArgs: string[] = []) {
  const { stdout, ...end } = await runFixture(fixture, [scenario], { nodeArgs });
  return { lines: stdout.split('\n').slice(0, -1), ...end };
}

async function lines(scenario: string, nodeArgs?: string[]): Promise<string[]> {
  const played = await play(scenario, nodeArgs);
  expect(played).toMatchObject({ code: 0, stderr: '' });
  return played.lines;
}

describe('who is called', () => {
  test('the innermost that names the signal, and all handlers before it', async () => {
    expect(await lines('nest')).toEqual([
      'besides SIGUSR2',
      'inner',
      'outer HUP',
      'besides SIGUSR2',
      'outer SIGUSR2 12',
      '1',
    ]);
  });
  test('closed in any order and twice', async () => {
    expect(await lines('close in any order, twice')).toEqual(['c', 'b', 'd', 'true 0']);
  });
  test('a scope that a handler closes or opens while the signal is handed out', async () => {
    expect(await lines('changes during dispatch')).toEqual(['outer', 'opened meanwhile']);
  });
  test('a scope that closes itself', async () => {
    expect(await lines('a scope that closes itself')).toEqual(['self', 'outer']);
  });
  test('an AbortSignal gives the signal back to the outer one', async () => {
    expect(await lines('abort')).toEqual(['outer', 'true']);
  });
  test('a scope inside a shutdown keeps its signal from it', async () => {
    expect(await play('shutdown inside and outside')).toMatchObject({ signal: 'SIGINT', lines: ['kept', 'cleanup'] });
  });
  test('async handlers overlap each other, and none itself', async () => {
    const printed = await lines('no overlap for each signal');
    expect(printed.slice(0, 2)).toEqual(['in SIGUSR2', 'in SIGHUP']);
    expect(printed.filter((line) => line.endsWith('SIGUSR2'))).toEqual(
      Array.from({ length: 2 }, () => ['in SIGUSR2', 'out SIGUSR2']).flat(),
    );
  });
});

describe('what it does', () => {
  test("'ignore' does nothing, 'default' ends the process by the signal after the handlers, whatever exitCode is", async () => {
    expect(await play('ignore and default')).toMatchObject({
      code: null,
      signal: 'SIGUSR2',
      stderr: '',
      lines: ['outer', 'outer WINCH', 'besides, before the end'],
    });
  });
  test('a handler that throws is told, and the scope stays', async () => {
    const once = ['besides', 'Error: failed SIGUSR2'];
    expect(await lines('a failing handler')).toEqual([...once, ...once, '1']);
  });
  test('a block that throws closes it', async () => {
    expect(await lines('a throw out of the block')).toEqual(['Error: failed 0']);
  });
  needs('linux', 'python3').test("'default' stops the process by SIGTSTP, and goes on after SIGCONT", async () => {
    await using child = await spawnFixture(fixture, ['stop and continue'], { prefix: ownGroup });
    child.kill('SIGTSTP');
    const state = (): string | undefined =>
      /^State:\s+(\w)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
    await eventually(() => state() === 'T');
    child.kill('SIGCONT');
    expect(await child.nextLine()).toBe('continued');
    child.send('go');
    expect(await child.nextLine()).toBe('still at 1');
    expect(await child.exited).toMatchObject({ code: 0 });
  });
});

test('10,000 scopes at once are one listener, and 10,000 opened and closed leave nothing', async () => {
  expect(await lines('no growth', ['--expose-gc'])).toEqual(['1', 'innermost', '0', 'grew by more than 200 kB false']);
});
