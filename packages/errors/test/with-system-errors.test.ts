import { closeSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { isSystemError, withSystemErrors } from '../src/index.ts';

test('returns what the call returns', () => {
  expect(withSystemErrors(() => 7)).toBe(7);
});

test("gives a failure of Node's fs our shape, said of the path that is given", () => {
  const close = (): void => withSystemErrors(() => closeSync(1_000_000), '/state');
  expect(close).toThrow(
    expect.objectContaining({ name: 'SystemError', code: 'EBADF', syscall: 'close', path: '/state' }),
  );
  const read = (): Buffer => withSystemErrors(() => readFileSync('/nonexistent'));
  expect(read).toThrow(expect.objectContaining({ code: 'ENOENT', path: '/nonexistent' }));
});

test('anything else passes as it is', () => {
  const error = new RangeError('no system call');
  try {
    withSystemErrors(() => {
      throw error;
    });
    expect.unreachable();
  } catch (thrown) {
    expect(thrown).toBe(error);
    expect(isSystemError(thrown)).toBe(false);
  }
});
