import { describe, expect, test } from 'vitest';

import { needs, runTool, spawnFixture } from '@osx/test-support';
import type { FixtureProcess } from '@osx/test-support';

const fixture = new URL('fixtures/shutdowns.ts', import.meta.url);

/** Starts a scenario and gives how it ended, with all that it printed, after `act`. */
async function play(
  scenario: string,
  act: NodeJS.Signals | ((child: FixtureProcess) => Promise<unknown> | void) = 'SIGTERM',
  options: Parameters<typeof spawnFixture>[2] = {},
) {
  await using child = await spawnFixture(fixture, [scenario], options);
  if (typeof act === 'string') child.kill(act);
  else await act(child);
  const end = await child.exited;
  return { ...end, lines: child.takeLines(), stderr: child.stderr };
}

describe('the first signal', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'runs the cleanups in order and ends by %s, not by an exit, whatever exitCode is',
    async (signal) => {
      expect(await play('in order', signal)).toEqual({
        code: null,
        signal,
        lines: [`first ${signal} false`, `second ${signal}`],
        stderr: '',
      });
    },
  );
  test('is kept alive for, with nothing else to do', async () => {
    expect(await play('nothing else to do')).toMatchObject({ signal: 'SIGTERM', lines: ['still alive'] });
  });
  test('may be one of its own choice, real-time too', async () => {
    expect(await play('signals of its own', 'SIGHUP')).toMatchObject({ signal: 'SIGHUP', lines: ['cleanup SIGHUP'] });
    expect(await play('signals of its own', 'SIGTERM')).toMatchObject({ signal: 'SIGTERM', lines: [] });
  });
  test('runs a cleanup that is listed twice twice, and none that was added to the list later', async () => {
    expect(await play('twice the same')).toMatchObject({ signal: 'SIGTERM', lines: ['cleanup', 'cleanup'] });
  });
  test('ends at once when there is nothing to clean up', async () => {
    expect(await play('no cleanup')).toMatchObject({ signal: 'SIGTERM', lines: [] });
  });
});

needs('linux', 'python3').describe('what wait(2) says', () => {
  const python = `
import os, signal, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
assert child.stdout.readline() == b'ready\\n'
os.kill(child.pid, signal.SIGTERM)
_, status = os.waitpid(child.pid, 0)
print(os.WIFSIGNALED(status) and os.WTERMSIG(status), os.WIFEXITED(status) and os.WEXITSTATUS(status))`;
  test.each([
    ['in order', '15 False'],
    ['naive: process.exit', 'False 143'],
  ])('%s: %s', (scenario, status) => {
    const args = ['-c', python, process.execPath, fixture.pathname, scenario];
    expect(runTool('python3', args).trim()).toBe(status);
  });
});

describe('a cleanup that fails', () => {
  test('is told of, and the others run', async () => {
    expect(await play('failing cleanups')).toMatchObject({
      signal: 'SIGTERM',
      stderr: '',
      lines: ['told Error: thrown anonymous', 'told Error: rejected failing', 'told undefined odd', 'last'],
    });
  });
  test('is warned of by default, before the end', async () => {
    const { signal, stderr } = await play('failing cleanups, warned of', 'SIGTERM', { allowNodeWarnings: true });
    expect(signal).toBe('SIGTERM');
    expect(stderr).toMatch(
      /\[OSX_CLEANUP_FAILED\] ShutdownWarning: database failed while shutting down: Error: no answer/,
    );
  });
  test('is warned of when onError fails, and the others run', async () => {
    const { stderr, ...end } = await play('onError fails', 'SIGTERM', { allowNodeWarnings: true });
    expect(end).toMatchObject({ signal: 'SIGTERM', lines: ['next'] });
    expect(stderr).toMatch(/a failed while shutting down: Error: first/);
    expect(stderr).toMatch(/onError failed while shutting down: Error: onError itself/);
  });
});

describe('the deadline', () => {
  test('ends a shutdown whose cleanup hangs by the signal, names who hangs, and begins no other', async () => {
    expect(await play('deadline')).toMatchObject({
      signal: 'SIGTERM',
      stderr: '',
      lines: [
        'done',
        'aborted ETIMEDOUT: not done at the deadline of 30 ms; not begun: skipped, gracefulShutdown',
        'told ETIMEDOUT hangs',
      ],
    });
  });
  test('is the end, also for a cleanup that finishes when it is aborted', async () => {
    expect(await play('deadline, a cleanup that goes on')).toMatchObject({ signal: 'SIGTERM', lines: [] });
  });
  test('known limit: neither it nor a second signal ends a cleanup that blocks the event loop', async () => {
    const end = await play('blocked deadline', async (child) => {
      child.kill('SIGTERM');
      expect(await child.nextLine()).toBe('blocks');
      child.kill('SIGTERM');
      child.kill('SIGINT');
      child.kill('SIGKILL');
    });
    expect(end.signal).toBe('SIGKILL');
  });
});

describe('a second signal', () => {
  test.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
    ['SIGINT', 'SIGTERM'],
  ] as const)('%s, then %s: ends at once by the second one', async (first, second) => {
    const end = await play('second signal', async (child) => {
      child.kill(first);
      expect(await child.nextLine()).toBe(`at work ${first}`);
      child.kill(second);
    });
    expect(end).toMatchObject({ signal: second, lines: [`aborted ended by ${second}, the second signal`], stderr: '' });
  });
  test('goes to onSecondSignal, each time, and a failure of it hinders nothing', async () => {
    const end = await play('second signal, handled', async (child) => {
      child.kill('SIGTERM');
      expect(await child.nextLine()).toBe('at work SIGTERM');
      child.kill('SIGINT');
      expect(await child.nextLine()).toBe('again SIGINT');
      child.kill('SIGTERM');
      expect(await child.nextLine()).toBe('told in the callback onSecondSignal');
      expect(await child.nextLine()).toBe('again SIGTERM');
      child.send('go on');
    });
    expect(end).toMatchObject({
      signal: 'SIGTERM',
      stderr: '',
      lines: ['told later onSecondSignal', 'through true false'],
    });
  });
  test('is kept from the shutdown by a scope inside a cleanup', async () => {
    expect(await play('a scope inside a cleanup')).toMatchObject({
      signal: 'SIGTERM',
      lines: ['kept SIGINT', 'kept SIGINT', 'through'],
    });
  });
});

describe('several shutdowns', () => {
  test('run side by side, and the process ends by the first signal when all that began are through', async () => {
    const end = await play('several', async (child) => {
      child.kill('SIGTERM');
      const lines = [await child.nextLine(), await child.nextLine(), await child.nextLine()];
      expect(lines).toEqual(['besides', 'inner', 'outer begins']);
      child.kill('SIGHUP');
    });
    expect(end).toMatchObject({ signal: 'SIGTERM', lines: ['third', 'outer ends'] });
  });
  test('end at once when one of them does at its second signal', async () => {
    const end = await play('several, one escalates', async (child) => {
      child.kill('SIGTERM');
      expect(await child.nextLine()).toBe('at work');
      child.kill('SIGINT');
      expect(await child.nextLine()).toBe('patient SIGINT');
      child.kill('SIGTERM');
    });
    expect(end).toMatchObject({ signal: 'SIGTERM', lines: ['aborted'] });
  });
});

describe('closing', () => {
  test('before the signal leaves the process to its fate', async () => {
    const end = await play('closed before', async (child) => {
      expect([await child.nextLine(), await child.nextLine()]).toEqual(['true false 1', '0 0']);
      child.kill('SIGTERM');
    });
    expect(end).toMatchObject({ signal: 'SIGTERM', lines: [] });
  });
  test('while it shuts down leaves the second signal its effect', async () => {
    const end = await play('closed, then a second signal', async (child) => {
      child.kill('SIGTERM');
      expect(await child.nextLine()).toBe('at work false');
      child.kill('SIGINT');
    });
    expect(end).toMatchObject({ signal: 'SIGINT', lines: [] });
  });
  test('while it shuts down changes nothing: a main program that ends meanwhile ends by the signal', async () => {
    expect(await play('closed while shutting down')).toMatchObject({
      signal: 'SIGTERM',
      lines: ['main is through', 'cleaned up'],
    });
  });
});
