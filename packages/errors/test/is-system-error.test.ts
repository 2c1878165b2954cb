import { readFileSync } from 'node:fs';
import { runFixture } from '@osx/test-support';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { hasCode, isSystemError, SystemError } from '../src/index.ts';
import { hostileValues } from './hostile-values.ts';

const error = new SystemError({ code: 'ENOLCK', syscall: 'fcntl' });

function nodeError(): unknown {
  try {
    return readFileSync('/nowhere/x');
  } catch (caught) {
    return caught;
  }
}

describe('isSystemError', () => {
  test('knows ours, and not those of Node', () => {
    expect(isSystemError(error)).toBe(true);
    expect(isSystemError(nodeError())).toBe(false);
    expect(isSystemError(Object.assign(new Error('x'), { code: 'ENOLCK' }))).toBe(false);
  });

  test('asks for a code, or for one of several', () => {
    expect(isSystemError(error, 'ENOLCK')).toBe(true);
    expect(isSystemError(error, 'EACCES')).toBe(false);
    expect(isSystemError(error, ['EACCES', 'ENOLCK'])).toBe(true);
    expect(isSystemError(error, ['EACCES'])).toBe(false);
    expect(isSystemError(error, [])).toBe(false);
    expect(isSystemError(error, 'ENOLCK2')).toBe(false);
    expect(isSystemError(error, '')).toBe(false);
  });

  test('is not fooled by half an error', () => {
    const brand = Symbol.for('@osx/errors/SystemError');
    expect(isSystemError({ [brand]: true, code: 'EIO' })).toBe(true);
    expect(isSystemError({ [brand]: true })).toBe(false);
    expect(isSystemError({ [brand]: true, code: 5 })).toBe(false);
    expect(isSystemError({ [brand]: 'yes', code: 'EIO' })).toBe(false);
    expect(isSystemError(SystemError.prototype)).toBe(false);
    expect(isSystemError(Object.create(SystemError.prototype))).toBe(false);
  });

  test('knows the errors of another copy of this package', async () => {
    const copy = (await import(new URL('../src/system-error.ts?copy', import.meta.url).href)) as {
      SystemError: typeof SystemError;
    };
    expect(copy.SystemError).not.toBe(SystemError);
    const other = new copy.SystemError({ code: 'ENOLCK', syscall: 'fcntl' });
    expect(other instanceof SystemError).toBe(false);
    expect(isSystemError(other, 'ENOLCK')).toBe(true);
  });

  test('knows the errors of another realm', async () => {
    const { code, stdout, stderr } = await runFixture(new URL('./fixtures/other-realm.ts', import.meta.url), [], {
      nodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      instanceOfOurs: false,
      instanceOfError: false,
      branded: true,
      refused: false,
    });
    expect(code).toBe(0);
  });

  test.each(hostileValues)('says no to %s', (_, value) => {
    expect(isSystemError(value)).toBe(false);
    expect(isSystemError(value, 'EIO')).toBe(false);
  });
});

describe('hasCode', () => {
  test('knows the errors of Node and ours', () => {
    expect(hasCode(nodeError(), 'ENOENT')).toBe(true);
    expect(hasCode(nodeError(), ['EACCES', 'ENOENT'])).toBe(true);
    expect(hasCode(nodeError(), 'EACCES')).toBe(false);
    expect(hasCode(error, 'ENOLCK')).toBe(true);
    expect(hasCode(runInNewContext('Object.assign(new Error("x"), { code: "EIO" })'), 'EIO')).toBe(true);
  });

  test('takes only a string for a code', () => {
    expect(hasCode({ code: 2 }, '2')).toBe(false);
    expect(hasCode({ code: ['EIO'] }, 'EIO')).toBe(false);
    expect(hasCode({}, [undefined as never])).toBe(false);
  });

  test.each(hostileValues)('says no to %s', (_, value) => expect(hasCode(value, 'EIO')).toBe(false));
});
