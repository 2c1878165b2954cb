import { expect, test } from 'vitest';

import { openat2 } from '@osx/linux/openat2';

test.each([
  ['an empty path', () => openat2(null, ''), 'ERR_INVALID_ARG_VALUE'],
  ['a path with NUL', () => openat2(null, 'a\0'), 'ERR_INVALID_ARG_VALUE'],
  ['a negative descriptor', () => openat2(-1, 'a'), 'ERR_OUT_OF_RANGE'],
  ['a directory of the wrong type', () => openat2('dir' as never, 'a'), 'ERR_INVALID_ARG_TYPE'],
  ['an unknown rule', () => openat2(null, 'a', { resolve: ['below' as never] }), 'ERR_INVALID_ARG_VALUE'],
  ['beneath and in-root', () => openat2(null, 'a', { resolve: ['beneath', 'in-root'] }), 'ERR_INVALID_ARG_VALUE'],
  ['rules that are no array', () => openat2(null, 'a', { resolve: 'beneath' as never }), 'ERR_INVALID_ARG_TYPE'],
  ['flags that are no integer', () => openat2(null, 'a', { flags: 0.5 }), 'ERR_OUT_OF_RANGE'],
  ['a mode with more bits', () => openat2(null, 'a', { mode: 0o10000 }), 'ERR_OUT_OF_RANGE'],
])('%s is refused before the call', (_name, call, code) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
