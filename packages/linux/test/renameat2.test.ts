import { expect, test } from 'vitest';

import { renameat2 } from '@osx/linux/renameat2';

test.each([
  ['an empty path', () => renameat2('', 'b'), 'ERR_INVALID_ARG_VALUE'],
  ['a path with NUL', () => renameat2('a', 'b\0c'), 'ERR_INVALID_ARG_VALUE'],
  ['a path of the wrong type', () => renameat2(3 as never, 'b'), 'ERR_INVALID_ARG_TYPE'],
  ['both flags', () => renameat2('a', 'b', { noReplace: true, exchange: true }), 'ERR_INVALID_ARG_VALUE'],
  ['a flag of the wrong type', () => renameat2('a', 'b', { noReplace: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
])('%s is refused before the call', (_name, call, code) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
