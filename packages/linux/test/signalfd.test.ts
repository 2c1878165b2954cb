import { SignalFd } from '@osx/linux/signalfd';
import { expect, test } from 'vitest';

import { checkSignals, signalfdName } from '../src/internal/signalfd-signals.ts';

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  return 'nothing was thrown';
}

test.each<[unknown, number[]]>([
  ['SIGUSR1', [10]],
  [10, [10]],
  [
    ['SIGUSR2', 'SIGUSR1', 12, 'SIGRTMIN'],
    [10, 12, 34],
  ],
  [['SIGRTMIN+0', 'SIGRTMAX-30'], [34]],
  [['SIGRTMAX', 'SIGRTMIN+30', 'SIGRTMAX-0'], [64]],
  [
    ['SIGRTMIN+3', 'SIGRTMAX-14'],
    [37, 50],
  ],
  [
    ['SIGIOT', 'SIGPOLL'],
    [6, 29],
  ],
])('%j is %j', (signals, numbers) => {
  expect(checkSignals(signals)).toEqual(numbers);
});

test('names go there and back', () => {
  for (const number of [1, 6, 10, 17, 29, 30, 34, 35, 63, 64]) {
    expect(checkSignals(signalfdName(number))).toEqual([number]);
  }
  expect([34, 35, 63, 64].map(signalfdName)).toEqual(['SIGRTMIN', 'SIGRTMIN+1', 'SIGRTMIN+29', 'SIGRTMAX']);
});

test.each<[unknown, string]>([
  [
    'SIGKILL',
    'ERR_INVALID_ARG_VALUE: The "signals" argument must be without SIGKILL, which cannot be blocked. Received',
  ],
  [19, 'ERR_INVALID_ARG_VALUE: The "signals" argument must be without SIGSTOP, which cannot be blocked. Received 19'],
  [['SIGUSR1', 'SIGKILL'], 'ERR_INVALID_ARG_VALUE'],
  ...['SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGTRAP', 'SIGSYS'].map((name): [string, string] => [
    name,
    `ERR_INVALID_ARG_VALUE: The "signals" argument must be without ${name}: blocked, a fault that raises it ends the process. Received '${name}'`,
  ]),
  [32, 'ERR_OUT_OF_RANGE: The "signals" argument must be signals, 1 to 64; 32 belongs to the threads of the C library'],
  [33, 'ERR_OUT_OF_RANGE'],
  [0, 'ERR_OUT_OF_RANGE: The "signals" argument must be signals, 1 to 64; 0 is none. Received 0'],
  [65, 'ERR_OUT_OF_RANGE'],
  [-1, 'ERR_OUT_OF_RANGE'],
  [1.5, 'ERR_OUT_OF_RANGE'],
  ['SIGRTMIN+31', 'ERR_OUT_OF_RANGE: The "signals" argument must be SIGRTMIN to SIGRTMIN+30, which is SIGRTMAX'],
  ['SIGRTMAX-31', 'ERR_OUT_OF_RANGE'],
  ['SIGRTMIN+-3', 'ERR_INVALID_ARG_VALUE'],
  ['SIGRTMIN-1', 'ERR_INVALID_ARG_VALUE'],
  ['SIGRTMAX+1', 'ERR_INVALID_ARG_VALUE'],
  ['SIGRTMIN+03', 'ERR_INVALID_ARG_VALUE'],
  ['USR1', 'ERR_INVALID_ARG_VALUE'],
  ['', 'ERR_INVALID_ARG_VALUE'],
  [[], 'ERR_INVALID_ARG_VALUE: The "signals" argument must be one signal or more. Received an instance of Array'],
  [undefined, 'ERR_INVALID_ARG_TYPE'],
  [null, 'ERR_INVALID_ARG_TYPE'],
  [[['SIGUSR1']], 'ERR_INVALID_ARG_TYPE'],
])('%j is refused, whatever the options', (signals, message) => {
  expect(messageOf(() => SignalFd.open(signals as never, { threadDirected: true }))).toContain(message);
});

test.each([null, [], 1, { threadDirected: 1 }, { threadDirected: 'yes' }])('the options %j are refused', (options) => {
  expect(messageOf(() => SignalFd.open('SIGUSR2', options as never))).toMatch(/^ERR_INVALID_ARG_TYPE/);
});
