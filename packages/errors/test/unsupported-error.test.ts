import { describe, expect, test } from 'vitest';
import { errnoNumber, isSystemError, isUnsupportedError, SystemError, UnsupportedError } from '../src/index.ts';

const required = { feature: 'pidfd', requires: 'Linux 5.3' };

test('says what is missing, where and what it takes', () => {
  const error = new UnsupportedError({ ...required, platform: 'darwin arm64' });
  expect(error.message).toBe('ENOTSUP: not supported on darwin arm64 (requires Linux 5.3), pidfd');
  expect(Object.assign({}, error)).toEqual({
    ...required,
    errno: -errnoNumber('ENOTSUP')!,
    code: 'ENOTSUP',
    syscall: 'pidfd',
    platform: 'darwin arm64',
  });
  expect(error.name).toBe('UnsupportedError');
  expect(Object.hasOwn(error, 'name')).toBe(false);
  expect(error.stack).toMatch(/^UnsupportedError: ENOTSUP: /);
});

test('names the call that refused, keeps its code and cause', () => {
  const cause = new SystemError({ code: 'ENOSYS', syscall: 'pidfd_open' });
  const error = new UnsupportedError({
    ...required,
    code: 'ENOSYS',
    syscall: 'pidfd_open',
    platform: 'linux x64',
    cause,
  });
  expect(error.message).toBe('ENOSYS: pidfd is not supported on linux x64 (requires Linux 5.3), pidfd_open');
  expect(error.code).toBe('ENOSYS');
  expect(error.syscall).toBe('pidfd_open');
  expect(error.cause).toBe(cause);
});

test('the platform is this one unless said otherwise', () => {
  expect(new UnsupportedError(required).platform).toBe(`${process.platform} ${process.arch}`);
});

test('its name can be set on one error', () => {
  const error = new UnsupportedError(required);
  error.name = 'Other';
  expect([error.name, new UnsupportedError(required).name]).toEqual(['Other', 'UnsupportedError']);
});

describe('isUnsupportedError', () => {
  test('knows it among system errors', () => {
    const error = new UnsupportedError(required);
    expect(isUnsupportedError(error)).toBe(true);
    expect(isSystemError(error, 'ENOTSUP')).toBe(true);
    expect(isUnsupportedError(new SystemError({ code: 'ENOTSUP', syscall: 'setxattr' }))).toBe(false);
    expect(isUnsupportedError({ requires: 'x' })).toBe(false);
    expect(isUnsupportedError(undefined)).toBe(false);
  });
});
