import { expect, test } from 'vitest';

import { getrusage } from '@osx/linux/getrusage';

test.each([['threads'], [0], [null]])('%j is refused before the call', (who) => {
  expect(() => getrusage(who as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
  expect(() => getrusage(who as never)).toThrow(/"who".*'self', 'children', 'thread'/);
});
