import { expect, test } from 'vitest';

import { getxattr, listxattr, removexattr, setxattr } from '@osx/linux/xattr';

test.each([
  ['an empty path', () => listxattr(''), 'ERR_INVALID_ARG_VALUE'],
  ['a path with NUL', () => getxattr('a\0', 'user.a'), 'ERR_INVALID_ARG_VALUE'],
  ['a negative descriptor', () => getxattr(-1, 'user.a'), 'ERR_OUT_OF_RANGE'],
  ['a target of the wrong type', () => listxattr(true as never), 'ERR_INVALID_ARG_TYPE'],
  ['an empty name', () => getxattr('.', ''), 'ERR_OUT_OF_RANGE'],
  ['a name with NUL', () => removexattr('.', 'user.a\0b'), 'ERR_OUT_OF_RANGE'],
  ['a name of 256 bytes', () => setxattr('.', `user.${'n'.repeat(251)}`, ''), 'ERR_OUT_OF_RANGE'],
  ['a name of the wrong type', () => getxattr('.', 1 as never), 'ERR_INVALID_ARG_TYPE'],
  ['a value of the wrong type', () => setxattr('.', 'user.a', 1 as never), 'ERR_INVALID_ARG_TYPE'],
  ['an unknown condition', () => setxattr('.', 'user.a', '', { only: 'either' as never }), 'ERR_INVALID_ARG_VALUE'],
  ['an unknown encoding', () => listxattr('.', { encoding: 'latin1' as never }), 'ERR_INVALID_ARG_VALUE'],
  ['options that are no object', () => listxattr('.', 1 as never), 'ERR_INVALID_ARG_TYPE'],
  ['followSymlinks of the wrong type', () => listxattr('.', { followSymlinks: 0 as never }), 'ERR_INVALID_ARG_TYPE'],
])('%s is refused before the call', (_name, call, code) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
