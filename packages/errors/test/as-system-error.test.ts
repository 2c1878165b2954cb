import { fsyncSync, openSync, renameSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { asSystemError, errnoName, isSystemError, SystemError } from '../src/index.ts';
import { caught, hostileValues } from './hostile-values.ts';

describe('an error of Node', () => {
  test.each([
    ['open', () => openSync('/nowhere/x', 'r')],
    ['rename', () => renameSync('/nowhere/a', '/b')],
    ['fsync', () => fsyncSync(1_000_000)],
  ])('becomes one of ours that says the same, and is its cause: %s', (_, action) => {
    const theirs = caught(action);
    const ours = asSystemError(theirs);
    expect(isSystemError(ours)).toBe(true);
    expect((ours as Error).message).toBe(theirs.message);
    expect(Object.entries(ours as Error)).toEqual(Object.entries(theirs));
    expect((ours as Error).cause).toBe(theirs);
  });

  test('is said of the path that the caller knows', () => {
    const ours = asSystemError(
      caught(() => openSync('/nowhere/.tmp', 'r')),
      { path: '/nowhere/x' },
    );
    expect((ours as SystemError).path).toBe('/nowhere/x');
    const renamed = asSystemError(
      caught(() => renameSync('/nowhere/.tmp', '/b')),
      { path: 'a', dest: Buffer.from('c') },
    );
    expect((renamed as Error).message).toBe("ENOENT: no such file or directory, rename 'a' -> 'c'");
  });

  test('gets the name that Node does not know', () => {
    const message = 'UNKNOWN: unknown error, write';
    const theirs = Object.assign(new Error(message), { errno: -122, code: 'UNKNOWN', syscall: 'write' });
    expect((asSystemError(theirs) as SystemError).code).toBe(errnoName(122) ?? 'UNKNOWN');
  });
});

test('one of ours comes back itself', () => {
  const error = new SystemError({ code: 'EIO', syscall: 'read' });
  expect(asSystemError(error, { path: '/x' })).toBe(error);
});

function failure(fields: object): Error {
  return Object.assign(new Error('x'), fields);
}

test.each([
  ...hostileValues,
  ['an error without an errno', new TypeError('x')] as const,
  ['an errno without a call', failure({ errno: -2 })] as const,
  ['a call without a name', failure({ errno: -2, syscall: 5 })] as const,
  ['an errno that is a fraction', failure({ errno: 1.5, syscall: 'read' })] as const,
  ['an error of DNS', failure({ errno: -3008, code: 'ENOTFOUND', syscall: 'getaddrinfo' })] as const,
  ['digits instead of an errno', failure({ errno: '2', syscall: 'open' })] as const,
  ['a name instead of an errno', failure({ errno: 'ENOTFOUND', syscall: 'getaddrinfo' })] as const,
])('%s comes back as it is', (_, value) => expect(asSystemError(value)).toBe(value));
