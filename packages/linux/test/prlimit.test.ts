import { expect, test } from 'vitest';

import { getrlimit, getrlimits, RLIM_INFINITY, setrlimit } from '@osx/linux/prlimit';

test.each([
  ['an unknown resource', () => getrlimit('files' as never), 'ERR_INVALID_ARG_VALUE'],
  ['a resource by its C name', () => getrlimit('RLIMIT_NOFILE' as never), 'ERR_INVALID_ARG_VALUE'],
  ['a resource of the wrong type', () => setrlimit(7 as never, { soft: 0 }), 'ERR_INVALID_ARG_VALUE'],
  ['pid 0', () => getrlimit('core', { pid: 0 }), 'ERR_OUT_OF_RANGE'],
  ['a negative pid', () => getrlimits({ pid: -1 }), 'ERR_OUT_OF_RANGE'],
  ['a pid of the wrong type', () => getrlimit('core', { pid: '1' as never }), 'ERR_INVALID_ARG_TYPE'],
  ['bigint of the wrong type', () => getrlimit('core', { bigint: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
  ['options that are no object', () => getrlimit('core', 1 as never), 'ERR_INVALID_ARG_TYPE'],
  ['no limit', () => setrlimit('core', undefined as never), 'ERR_INVALID_ARG_TYPE'],
  ['a limit that is a number', () => setrlimit('core', 5 as never), 'ERR_INVALID_ARG_TYPE'],
  ['a limit without sides', () => setrlimit('core', {}), 'ERR_INVALID_ARG_VALUE'],
  ['-1, which C takes for infinity', () => setrlimit('core', { soft: -1 }), 'ERR_OUT_OF_RANGE'],
  ['half a byte', () => setrlimit('core', { soft: 0.5 }), 'ERR_OUT_OF_RANGE'],
  ['NaN', () => setrlimit('core', { hard: NaN }), 'ERR_OUT_OF_RANGE'],
  ['less than infinity the other way', () => setrlimit('core', { hard: -Infinity }), 'ERR_OUT_OF_RANGE'],
  ['a number that is not exact', () => setrlimit('core', { hard: 2 ** 60 }), 'ERR_OUT_OF_RANGE'],
  ['more than 64 bits', () => setrlimit('core', { hard: RLIM_INFINITY + 1n }), 'ERR_OUT_OF_RANGE'],
  ['a side of the wrong type', () => setrlimit('core', { soft: 'unlimited' as never }), 'ERR_INVALID_ARG_TYPE'],
  ['soft above hard', () => setrlimit('core', { soft: 2, hard: 1 }), 'ERR_OUT_OF_RANGE'],
  ['no limit below a limit', () => setrlimit('core', { soft: Infinity, hard: 1n }), 'ERR_OUT_OF_RANGE'],
])('%s is refused before the call', (_name, call, code) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});

test('the refusal names argument, value and wish', () => {
  expect(() => setrlimit('core', { soft: 2, hard: 1 })).toThrow(/"limit\.soft".*<= the hard limit, 1.*2/);
});
