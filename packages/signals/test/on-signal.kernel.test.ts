import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { runFixture, spawnFixture, temporaryDirectory } from '@osx/test-support';

const fixture = new URL('fixtures/handlers.ts', import.meta.url);

async function play(scenario: string, nodeArgs: string[] = []) {
  const { stdout, stderr, ...end } = await runFixture(fixture, [scenario], { nodeArgs });
  return { lines: stdout.split('\n').slice(0, -1), stderr, ...end };
}

/** Plays a scenario that ends by itself. */
async function lines(scenario: string, nodeArgs?: string[]): Promise<string[]> {
  const played = await play(scenario, nodeArgs);
  expect(played).toMatchObject({ code: 0, stderr: '' });
  return played.lines;
}

describe('who is called', () => {
  test('two handlers of one signal, in order, each until it closes, over one listener', async () => {
    expect(await lines('two handlers')).toEqual([
      'listeners 1',
      'first SIGUSR2 12',
      'second SIGUSR2',
      'second SIGHUP',
      'second SIGUSR2',
      'listeners 0 0 true',
    ]);
  });
  test('aliases come by the canonical name', async () => {
    expect(await lines('aliases')).toEqual(['SIGABRT', 'SIGIO', 'SIGCHLD']);
  });
  test('every signal of Node that is not refused is handled', async () => {
    expect(await lines('all that can be handled')).toEqual([expect.stringMatching(/^true 2\d$/), 'false']);
  });
  test('a handler removes itself, removes one behind it and adds one, all while the signal is handed out', async () => {
    expect(await lines('changes during dispatch')).toEqual(['self', 'remover', 'last', '--', 'last', 'added', '0']);
  });
  test('the last one leaves while the signal is handed out, and another comes in', async () => {
    expect(await lines('last one out during dispatch, then in again')).toEqual(['closed 0', 'again']);
  });
  test('none of several when one cannot be listened to, and all of them afterwards', async () => {
    const refused = 'Error: not this one true 0';
    expect(await lines('one of several cannot be listened to')).toEqual([
      refused,
      refused,
      refused,
      'SIGHUP',
      'SIGUSR2',
    ]);
  });
  test('once is once for all its signals', async () => {
    expect(await lines('once')).toEqual(['once SIGUSR2 true', '0 0']);
  });
  test('an AbortSignal closes fifty at once', async () => {
    expect(await lines('abort')).toEqual(['called', 'true 0']);
  });
  test('a program that emits the event itself', async () => {
    expect(await lines('emitted by a program')).toEqual(['in SIGUSR2 12 1', 'sync end', 'in SIGUSR2 12 2', 'sync end']);
  });
});

describe('failures', () => {
  test('are told after the other handlers have run, thrown or rejected, at every call', async () => {
    const once = ['runs all the same', 'told sync SIGUSR2', 'told async SIGUSR2', 'told late SIGUSR2'];
    expect(await lines('throwing handlers')).toEqual([...once, ...once]);
  });
  test.each(['throw', 'reject'])('without onError end the process as unhandled rejections do: %s', async (how) => {
    const { code, stderr, lines: printed } = await play(`unhandled: ${how}`);
    expect(code).toBe(1);
    expect(stderr).toContain('Error: nobody is told');
    expect(printed).toEqual(how === 'throw' ? ['runs'] : []);
  });
  test('of onError are not swallowed', async () => {
    expect(await lines('unhandled: onError throws')).toEqual(['unhandled second', 'unhandled second']);
  });
});

describe('an async handler', () => {
  test('does not overlap itself; each signal that came meanwhile is one more call; none after close', async () => {
    const printed = (await lines('no overlap')).join('; ');
    const [first, closed, overlapping] = printed.split(/; -- .*?; /);
    expect(first).toBe('in SIGUSR2; out SIGUSR2; in SIGUSR2; out SIGUSR2; in SIGHUP; out SIGHUP');
    expect(closed).toBe('in SIGUSR2; out SIGUSR2');
    expect(overlapping).toBe('in SIGUSR2; in SIGUSR2; out SIGUSR2; out SIGUSR2');
  });
  test('is called again after it failed', async () => {
    expect(await lines('no overlap after a failure')).toEqual(['told first', 'second']);
  });
});

describe('coalescing', () => {
  test('20,000 signals in one blockage of the event loop: a call after the last', async () => {
    expect(await lines('burst')).toEqual(['0 true']);
  });
  test.each(['sync', 'async'])(
    '20,000 from another process: a call sees what was there before the last, %s',
    async (how) => {
      using directory = temporaryDirectory('signals');
      const path = join(directory.path, 'state');
      writeFileSync(path, 'first');
      await using child = await spawnFixture(fixture, [`state: ${how}`, path]);
      for (let count = 1; count < 20_000; count += 1) child.kill('SIGUSR2');
      expect(await child.nextLine()).toBe('first');
      // In one go: the handler may still be reading for the signals before.
      writeFileSync(`${path}.new`, 'last');
      renameSync(`${path}.new`, path);
      child.kill('SIGUSR2');
      expect(await child.nextLine()).toBe('last');
    },
  );
  test('known limit: another signal that comes after 4,096 in one blockage is lost in the pipe of libuv', async () => {
    expect(await lines('beyond the pipe')).toEqual(['SIGUSR2', 'SIGUSR2 SIGHUP']);
  });
});

describe('others in the process', () => {
  test('foreign listeners before, during and after ours', async () => {
    expect(await lines('foreign listeners')).toEqual(['foreign', 'ours', 'foreign', 'again']);
  });
  test('removeAllListeners in a loop ends, and our handler is there again afterwards, until it closes', async () => {
    expect(await lines('a foreigner removes all listeners')).toEqual(['0', '1', 'still here', '0 2']);
  });
  test('who removes all listeners in order to die, dies', async () => {
    expect(await play('a foreigner removes all and dies')).toMatchObject({ signal: 'SIGUSR2', lines: [] });
  });
});

test('10,000 handlers at once are one listener, and 10,000 opened and closed leave nothing', async () => {
  expect(await lines('no growth', ['--expose-gc'])).toEqual([
    'open at once 1 1',
    'grew by more than 200 kB false',
    'true true',
  ]);
});

test('handlers do not keep the process alive', async () => {
  expect(await lines('does not keep alive')).toEqual([]);
});

test('a Worker is refused with the reason, by everything that handles', async () => {
  const refused =
    'UnsupportedError ENOTSUP: handling signals is not supported on Workers (requires the main thread: Node brings no signal to a Worker, and says nothing), sigaction';
  expect(await lines('in a Worker')).toEqual(Array.from({ length: 5 }, () => refused));
});

test('SIGPROF is refused while the process is debugged, and handled otherwise', async () => {
  expect(await lines('while debugged')).toEqual(['accepted']);
  expect(await play('while debugged', ['--inspect=127.0.0.1:0'])).toMatchObject({ lines: ['ENOTSUP 0'] });
});
