import { expect, test } from 'vitest';

import {
  getThreadName,
  setChildSubreaper,
  setDumpable,
  setKeepCapabilities,
  setParentDeathSignal,
  setThreadName,
  setTimerSlack,
} from '@osx/linux/prctl';

test.each([
  ['a name of 16 bytes', () => setThreadName('n'.repeat(16)), 'ERR_OUT_OF_RANGE'],
  ['a name of 8 characters and 16 bytes', () => setThreadName('é'.repeat(8)), 'ERR_OUT_OF_RANGE'],
  ['a Buffer of 16 bytes', () => setThreadName(Buffer.alloc(16, 'n')), 'ERR_OUT_OF_RANGE'],
  ['a name with NUL', () => setThreadName('a\0b', { truncate: true }), 'ERR_OUT_OF_RANGE'],
  ['a name of the wrong type', () => setThreadName(1 as never), 'ERR_INVALID_ARG_TYPE'],
  ['truncate of the wrong type', () => setThreadName('a', { truncate: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
  ['an unknown encoding', () => getThreadName({ encoding: 'latin1' as never }), 'ERR_INVALID_ARG_VALUE'],
  ['dumpable of the wrong type', () => setDumpable(2 as never), 'ERR_INVALID_ARG_TYPE'],
  ['subreaper of the wrong type', () => setChildSubreaper(1 as never), 'ERR_INVALID_ARG_TYPE'],
  ['keep of the wrong type', () => setKeepCapabilities(1 as never), 'ERR_INVALID_ARG_TYPE'],
  ['a negative slack', () => setTimerSlack(-1), 'ERR_OUT_OF_RANGE'],
  ['half a nanosecond', () => setTimerSlack(0.5), 'ERR_OUT_OF_RANGE'],
  ['an unknown signal', () => setParentDeathSignal('SIGNONE'), 'ERR_INVALID_ARG_VALUE'],
  ['signal 65', () => setParentDeathSignal(65), 'ERR_OUT_OF_RANGE'],
  ['no signal', () => setParentDeathSignal(undefined as never), 'ERR_INVALID_ARG_TYPE'],
  ['a negative parent', () => setParentDeathSignal(15, { parentPid: -1 }), 'ERR_OUT_OF_RANGE'],
])('%s is refused before the call', (_name, call, code) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});

test('the refusal names argument, value and wish', () => {
  expect(() => setThreadName('a name that is too long')).toThrow(/"name".*at most 15 bytes.*a name that is too long/);
});
