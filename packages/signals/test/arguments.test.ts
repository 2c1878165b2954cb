import { describe, expect, test } from 'vitest';

import {
  getSignalMask,
  processExists,
  queueSignal,
  raiseDefault,
  sendSignal,
  sendSignalToGroup,
  setSignalMask,
  signalMaskScope,
} from '@osx/signals';

const RANGE = 'ERR_OUT_OF_RANGE';
const TYPE = 'ERR_INVALID_ARG_TYPE';
const VALUE = 'ERR_INVALID_ARG_VALUE';

function refused(call: (value: never) => unknown, value: unknown, code: string): void {
  expect(() => call(value as never)).toThrow(expect.objectContaining({ code }));
}

// Signal 0 all through: should a check be missing, nobody is signalled.
const badPids: [unknown, string][] = [
  [0, RANGE],
  [-1, RANGE],
  [-2, RANGE],
  [-process.pid, RANGE],
  [1.5, RANGE],
  [-0.5, RANGE],
  [Number.NaN, RANGE],
  [2 ** 31, RANGE],
  [2 ** 32 + 1, RANGE],
  [Number.NEGATIVE_INFINITY, RANGE],
  ['1', TYPE],
  [1n, TYPE],
  [null, TYPE],
  [undefined, TYPE],
  [[1], TYPE],
];

describe.each(badPids)('pid %o', (pid, code) => {
  test('is refused', () => {
    refused((value) => sendSignal(value, 0), pid, code);
    refused((value) => queueSignal(value, 0, 1), pid, code);
    refused((value) => processExists(value), pid, code);
    refused((value) => sendSignalToGroup(value, 0), pid, code);
  });
});

test('group 1 is refused: its negative is everyone', () => {
  refused((value) => sendSignalToGroup(value, 0), 1, RANGE);
});

test.each([
  [0, 'ownGroup'],
  [-1, 'everyone'],
  [-process.pid, 'sendSignalToGroup'],
  [-2, 'sendSignalToGroup'],
])('pid %d: the message names %s', (pid, name) => {
  expect(() => sendSignal(pid, 0)).toThrow(name);
});

test.each([
  [process.pid, { ownGroup: true }, RANGE],
  [process.pid, { everyone: true }, RANGE],
  [-1, { ownGroup: true }, RANGE],
  [0, { everyone: true }, RANGE],
  [0, { ownGroup: true, everyone: true }, VALUE],
  [0, { ownGroup: false }, RANGE],
  [-1, { everyone: false }, RANGE],
  [0, { ownGroup: 1 }, TYPE],
  [-1, { everyone: 'yes' }, TYPE],
  [0, null, TYPE],
  [0, true, TYPE],
])('sendSignal(%d, 0, %o) is refused', (pid, options, code) => {
  refused((value) => sendSignal(pid, 0, value), options, code);
});

const badSignals: [unknown, string][] = [
  ['TERMINATE', VALUE],
  ['', VALUE],
  [33, RANGE],
  [-15, RANGE],
  [999, RANGE],
  [undefined, TYPE],
  [null, TYPE],
];

describe.each(badSignals)('signal %o', (signal, code) => {
  test('is refused, also in a list', () => {
    refused((value) => sendSignal(process.pid, value), signal, code);
    refused((value) => sendSignalToGroup(process.pid, value), signal, code);
    refused((value) => queueSignal(process.pid, value, 0), signal, code);
    refused((value) => raiseDefault(value), signal, code);
    refused((value) => setSignalMask('unblock', value), signal, code);
    refused((value) => signalMaskScope('unblock', ['SIGUSR2', value]), signal, code);
  });
});

test('0 is no signal to raise or to block', () => {
  refused((value) => raiseDefault(value), 0, RANGE);
  refused((value) => raiseDefault(value), '0', RANGE);
  refused((value) => setSignalMask('unblock', value), 0, RANGE);
  expect(() => setSignalMask('unblock', ['SIGUSR2', 0])).toThrow(/signals\[1\]/);
});

test.each([
  [1.5, RANGE],
  [2 ** 31, RANGE],
  [-(2 ** 31) - 1, RANGE],
  [Number.NaN, RANGE],
  ['1', TYPE],
  [1n, TYPE],
  [undefined, TYPE],
  [null, TYPE],
])('queueSignal: value %o', (value, code) => {
  refused((bad) => queueSignal(process.pid, 0, bad), value, code);
});

test.each(['toggle', '', undefined, 0, 'BLOCK'])('setSignalMask: how %o', (how) => {
  refused((value) => setSignalMask(value, []), how, VALUE);
  refused((value) => signalMaskScope(value, []), how, VALUE);
});

test.each(['SIGKILL', 'SIGSTOP', 9, 'stop'])('%s cannot be blocked', (signal) => {
  for (const how of ['block', 'set'] as const) {
    for (const list of [signal, [signal], ['SIGUSR2', signal]]) {
      expect(() => setSignalMask(how, list)).toThrow(/cannot be blocked/);
      expect(() => signalMaskScope(how, list)).toThrow(expect.objectContaining({ code: VALUE }));
    }
  }
  expect(setSignalMask('unblock', signal)).toEqual(getSignalMask());
});
