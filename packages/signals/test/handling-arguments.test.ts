import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { gracefulShutdown, iterateSignals, onSignal, signalScope, waitForSignal } from '@osx/signals';

const nothing = (): void => {};

type Call = (signals: never) => unknown;

const calls: Record<string, Call> = {
  onSignal: (signals) => onSignal(signals, nothing),
  waitForSignal: (signals) => waitForSignal(signals),
  iterateSignals: (signals) => iterateSignals(signals),
  gracefulShutdown: (signals) => gracefulShutdown({ signals, cleanup: nothing }),
};

let listeners: unknown;
const listening = (): unknown => process.eventNames().map((name) => [name, process.listenerCount(name)]);
beforeEach(() => (listeners = listening()));
// Whatever was refused, nothing of it stays.
afterEach(() => expect(listening()).toEqual(listeners));

async function failure(call: () => unknown): Promise<{ code?: string; message: string; name: string }> {
  try {
    await call();
  } catch (error) {
    return error as never;
  }
  throw new Error('was not refused');
}

describe.each(Object.entries(calls))('%s refuses', (_name, call) => {
  test.each([
    ['SIGKILL', 'ERR_INVALID_ARG_VALUE', /the kernel lets nobody handle this one. Received 'SIGKILL'/],
    [9, 'ERR_INVALID_ARG_VALUE', /SIGKILL/],
    ['STOP', 'ERR_INVALID_ARG_VALUE', /SIGSTOP/],
    ['SIGSEGV', 'ERR_INVALID_ARG_VALUE', /instruction that failed runs again/],
    ['SIGBUS', 'ERR_INVALID_ARG_VALUE', /runs again/],
    ['SIGFPE', 'ERR_INVALID_ARG_VALUE', /runs again/],
    ['SIGILL', 'ERR_INVALID_ARG_VALUE', /runs again/],
    ['SIGTRAP', 'ERR_INVALID_ARG_VALUE', /V8/],
    ['SIGSYS', 'ERR_INVALID_ARG_VALUE', /filter/],
    ['SIGNOPE', 'ERR_INVALID_ARG_VALUE', /SIGNOPE/],
    ['', 'ERR_INVALID_ARG_VALUE', /name or number/],
    [0, 'ERR_OUT_OF_RANGE', /only asks/],
    ['0', 'ERR_OUT_OF_RANGE', /only asks/],
    [32, 'ERR_OUT_OF_RANGE', /C library/],
    [999, 'ERR_OUT_OF_RANGE', /999/],
    [null, 'ERR_INVALID_ARG_TYPE', /null/],
    [{}, 'ERR_INVALID_ARG_TYPE', /instance of Object/],
    [[], 'ERR_INVALID_ARG_VALUE', /at least one signal/],
    [['SIGUSR2', 'SIGKILL'], 'ERR_INVALID_ARG_VALUE', /SIGKILL/],
    [['SIGUSR2', undefined], 'ERR_INVALID_ARG_TYPE', /\[1\]/],
    ['SIGRTMIN+31', 'ERR_OUT_OF_RANGE', /SIGRTMAX/],
  ])('%j', async (signals, code, message) => {
    const error = await failure(() => call(signals as never));
    expect(error.message).toMatch(message);
    expect(error.code).toBe(code);
  });
});

describe('options', () => {
  const options: [string, unknown, string][] = [
    ['signal', {}, 'ERR_INVALID_ARG_TYPE'],
    ['overlap', 1, 'ERR_INVALID_ARG_TYPE'],
    ['onError', 'log', 'ERR_INVALID_ARG_TYPE'],
  ];
  test.each([...options, ['once', 'yes', 'ERR_INVALID_ARG_TYPE']] as const)(
    'onSignal %s %j',
    async (key, value, code) => {
      const error = await failure(() => onSignal('SIGUSR2', nothing, { [key]: value }));
      expect(error).toMatchObject({ code, message: expect.stringContaining(`options.${key}`) });
    },
  );
  test.each(options)('signalScope %s %j', async (key, value, code) => {
    expect(await failure(() => signalScope({ SIGUSR2: nothing }, { [key]: value }))).toMatchObject({ code });
  });
  test('handlers that are none', async () => {
    for (const handler of [undefined, null, 'ignore', {}]) {
      const error = await failure(() => onSignal('SIGUSR2', handler as never));
      expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    }
  });
  test('options that are none', async () => {
    for (const value of [null, [], 1, nothing]) {
      const expected = { code: 'ERR_INVALID_ARG_TYPE' };
      expect(await failure(() => onSignal('SIGUSR2', nothing, value as never))).toMatchObject(expected);
      expect(await failure(() => signalScope({ SIGUSR2: nothing }, value as never))).toMatchObject(expected);
      expect(await failure(() => waitForSignal('SIGUSR2', value as never))).toMatchObject(expected);
      expect(await failure(() => iterateSignals('SIGUSR2', value as never))).toMatchObject(expected);
      expect(await failure(() => gracefulShutdown(value as never))).toMatchObject(expected);
    }
  });
  test.each([
    [-1, 'ERR_OUT_OF_RANGE'],
    [Number.NaN, 'ERR_OUT_OF_RANGE'],
    ['5', 'ERR_INVALID_ARG_TYPE'],
  ])('time limits %j', async (value, code) => {
    const limit = value as number;
    expect(await failure(() => waitForSignal('SIGUSR2', { timeoutMs: limit }))).toMatchObject({ code });
    expect(await failure(() => gracefulShutdown({ cleanup: nothing, deadlineMs: limit }))).toMatchObject({ code });
  });
});

describe('signalScope', () => {
  test.each([
    [{}, 'ERR_INVALID_ARG_VALUE'],
    [undefined, 'ERR_INVALID_ARG_VALUE'],
    [new Map([['SIGUSR2', nothing]]), 'ERR_INVALID_ARG_VALUE'],
    [['SIGUSR2'], 'ERR_INVALID_ARG_TYPE'],
    [{ SIGUSR2: undefined }, 'ERR_INVALID_ARG_TYPE'],
    [{ SIGUSR2: 'block' }, 'ERR_INVALID_ARG_VALUE'],
    [{ SIGUSR2: nothing, USR2: nothing }, 'ERR_INVALID_ARG_VALUE'],
    [{ SIGUSR2: nothing, SIGKILL: 'ignore' }, 'ERR_INVALID_ARG_VALUE'],
  ])('%o', async (actions, code) => {
    expect(await failure(() => signalScope(actions as never))).toMatchObject({ code });
  });
});

describe('gracefulShutdown', () => {
  test.each([undefined, null, 'exit', {}, { name: 'x' }, { name: 1, run: nothing }, [nothing, 1], [{ run: nothing }]])(
    'cleanup %o',
    async (cleanup) => {
      const error = await failure(() => gracefulShutdown({ cleanup: cleanup as never }));
      expect(error).toMatchObject({
        code: 'ERR_INVALID_ARG_TYPE',
        message: expect.stringContaining('options.cleanup'),
      });
    },
  );
  test.each(['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH', 'SIGTSTP', 'SIGTTIN'])(
    '%s, which ends nobody',
    async (signal) => {
      const error = await failure(() => gracefulShutdown({ signals: ['SIGTERM', signal], cleanup: nothing }));
      expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE', message: expect.stringContaining(signal) });
    },
  );
  test.each(['onSecondSignal', 'onError'])('%s', async (key) => {
    const error = await failure(() => gracefulShutdown({ cleanup: nothing, [key]: true }));
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });
});

test('an aborted signal registers nothing', async () => {
  const reason = new Error('not today');
  const signal = AbortSignal.abort(reason);
  expect(onSignal('SIGUSR2', nothing, { signal }).isClosed).toBe(true);
  expect(signalScope({ SIGUSR2: 'ignore' }, { signal }).isClosed).toBe(true);
  await expect(waitForSignal('SIGUSR2', { signal })).rejects.toBe(reason);
  const iterator = iterateSignals('SIGUSR2', { signal });
  expect(process.listenerCount('SIGUSR2')).toBe(0);
  await expect(iterator.next()).rejects.toBe(reason);
  await expect(iterator.next()).resolves.toEqual({ done: true, value: undefined });
});
