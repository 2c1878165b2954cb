import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { formatPermissions, parsePermissions, type ParsePermissionsOptions } from '@osx/filemodes';

const permissions = fc.integer({ min: 0, max: 0o7777 });

/** `0o644 'u+x' -> 0o744`, of a file, or a directory where the first is written as 4xxxx. */
const symbolic: [number, string, number][] = [
  [0o644, 'u+x', 0o744],
  [0o644, 'u+rwx,go-r', 0o700],
  [0o644, 'a=r', 0o444],
  [0o755, 'u=rwX,g-w,+t', 0o1755],
  [0o644, 'u=rwX,g-w,+t', 0o1644],
  [0o644, 'u+r-w', 0o444],
  [0o644, 'u-w+x=r', 0o444],
  [0o640, 'g=u', 0o660],
  [0o604, 'g=o-r', 0o604],
  [0o640, 'u=g', 0o440],
  [0o4644, 'g=u', 0o4664],
  [0o777, 'ug=o,o=', 0o770],
  [0o000, 'a+X', 0o000],
  [0o001, 'a+X', 0o111],
  [0o40000, 'a+X', 0o111],
  // The second clause sees what the first one did.
  [0o644, 'u+x,g+X', 0o754],
  [0o755, 'a-x,a+X', 0o644],
  [0o755, 'u+s', 0o4755],
  [0o755, 'g+s', 0o2755],
  [0o755, 'o+s', 0o755],
  [0o755, 'a+s', 0o6755],
  [0o755, '+s', 0o6755],
  [0o755, 'o+t', 0o1755],
  [0o755, 'a+t', 0o1755],
  [0o755, 'u+t', 0o755],
  [0o755, 'ug+t', 0o755],
  [0o6755, 'u=rwx', 0o2755],
  [0o6755, 'a=rx', 0o555],
  [0o46755, 'a=rx', 0o6555],
  [0o46755, 'a=rx,ug-s', 0o555],
  [0o42755, 'g=rxs', 0o2755],
  [0o1777, 'o=rwx', 0o777],
  [0o777, 'u=', 0o077],
  [0o777, 'a-', 0o777],
  [0o777, '=', 0o000],
  [0o42777, '=', 0o2000],
  [0o777, 'ugo=rwx', 0o777],
  [0o777, 'uuu-w', 0o577],
  [0o000, 'u+rrr', 0o400],
  [0o654, '-=2512', 0o2512],
];

describe('symbolic', () => {
  test.each(symbolic)('%o %s', (current, text, wanted) => {
    expect(parsePermissions(text, { current, umask: 0 }).toString(8)).toBe(wanted.toString(8));
  });

  test.each([
    [0o022, 0o000, '+w', 0o200],
    [0o022, 0o000, 'a+w', 0o222],
    [0o022, 0o666, '-w', 0o466],
    [0o022, 0o666, '=r', 0o444],
    [0o027, 0o777, '=rw', 0o640],
    [0o077, 0o640, '+g', 0o640],
    [0o777, 0o644, '+s', 0o6644],
    [0o777, 0o644, '+t', 0o1644],
    // A mask has no say over what names somebody.
    [0o777, 0o000, 'ugo=rwx', 0o777],
    // Octal with an operator knows no mask.
    [0o777, 0o000, '+111', 0o111],
  ])('umask %o, %o %s', (umask, current, text, wanted) => {
    expect(parsePermissions(text, { current, umask }).toString(8)).toBe(wanted.toString(8));
  });

  test('the type bits of current say whether it is a directory, unless told', () => {
    expect(parsePermissions('+X', { current: 0o40000, umask: 0 })).toBe(0o111);
    expect(parsePermissions('+X', { current: 0o100000, umask: 0 })).toBe(0);
    expect(parsePermissions('+X', { current: 0o40000, isDirectory: false, umask: 0 })).toBe(0);
    expect(parsePermissions('+X', { isDirectory: true, umask: 0 })).toBe(0o111);
    expect(parsePermissions('+X', { umask: 0 })).toBe(0);
  });
});

describe('octal', () => {
  test.each([
    ['0', 0],
    ['7', 7],
    ['644', 0o644],
    ['0644', 0o644],
    ['4755', 0o4755],
    ['07777', 0o7777],
    ['00000000644', 0o644],
  ])('%s', (text, wanted) => {
    expect(parsePermissions(text, { current: 0o1111 })).toBe(wanted);
  });

  test.each([
    ['755', 0o6755],
    ['0755', 0o6755],
    ['2755', 0o6755],
    ['00755', 0o755],
    ['000755', 0o755],
    ['=755', 0o755],
    ['=0755', 0o755],
    ['-6000', 0o775],
    ['+1000', 0o7775],
    ['u=rwx,-2000', 0o4775],
  ])('%s of a directory with setuid and setgid', (text, wanted) => {
    expect(parsePermissions(text, { current: 0o46775 }).toString(8)).toBe(wanted.toString(8));
  });

  test('a number is what its four digits are', () => {
    expect(parsePermissions(0o755, { current: 0o42775 })).toBe(0o2755);
    expect(parsePermissions(0o755, { current: 0o102775 })).toBe(0o755);
    expect(parsePermissions(0o6755, { current: 0o40000 })).toBe(0o6755);
  });
});

describe('as ls prints', () => {
  test.each([
    ['rwxr-xr-x', 0o755],
    ['-rwxr-xr-x', 0o755],
    ['-rw-r--r--', 0o644],
    ['----------', 0],
    ['---------', 0],
    ['-rwsr-xr-t', 0o5755],
    ['rwSr-Sr-T', 0o7644],
    ['drwxrwsrwt', 0o3777],
    ['drwxr-xr-x.', 0o755],
    ['-rw-rw----+', 0o660],
    ['-rw-r--r--@', 0o644],
    ['lrwxrwxrwx', 0o777],
    ['crw-rw-rw-', 0o666],
    ['brw-rw----', 0o660],
    ['prw-------', 0o600],
    ['srwxr-xr-x', 0o755],
    ['?rw-r--r--', 0o644],
  ])('%s', (text, wanted) => {
    expect(parsePermissions(text, { current: 0o46000 }).toString(8)).toBe(wanted.toString(8));
  });

  test('what is a mode of chmod as well is taken for it only where that is said', () => {
    expect(parsePermissions('-rw-r--r--', { current: 0o777, umask: 0 })).toBe(0o644);
    expect(parsePermissions('-rw-r--r--', { current: 0o777, umask: 0, syntax: 'symbolic' })).toBe(0o111);
  });
});

describe('refused', () => {
  test.each([
    '',
    ' ',
    'x',
    'rwx',
    'u',
    'ugo',
    'u+r,',
    ',u+r',
    'u+r,,g+r',
    'u+q',
    'u +r',
    'u+r ',
    'U+r',
    'u+644',
    'a=7',
    'u+r+7',
    '+7+r',
    '+8',
    '8',
    '9',
    '0o644',
    '0x1ff',
    '10000',
    '=10000',
    '77777',
    '1e3',
    '+7,8',
    'u+rg',
    'u=ug',
    'u=gr',
    'u=rg',
    'u:r',
    'u+r\n',
    '755\n',
    'rwxrwxrw',
    'rwxrwxrwxx',
    'rwxrwxrws',
    'rwtrwxrwx',
    'trwxrwxrwx',
    'drwxr-xr-x ',
    'wrxr-xr-x',
    '755,u+x',
    'u+x,755',
    '+-8',
    '٠',
    '755\0',
  ])('%j', (text) => {
    expect(() => parsePermissions(text, { umask: 0 })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE', name: 'TypeError' }),
    );
  });

  test.each([
    ['octal', 'u+x'],
    ['octal', 'rwxr-xr-x'],
    ['octal', '+111'],
    ['symbolic', '755'],
    ['symbolic', 'rwxr-xr-x'],
    ['ls', '755'],
    ['ls', 'u+x'],
    ['ls', '-rwx'],
  ] as const)('of syntax %s: %s', (syntax, text) => {
    expect(() => parsePermissions(text, { syntax, umask: 0 })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }),
    );
  });

  test.each<[string, unknown[], string]>([
    ['text undefined', [undefined], 'ERR_INVALID_ARG_TYPE'],
    ['text null', [null], 'ERR_INVALID_ARG_TYPE'],
    ['a number too large', [0o10000], 'ERR_OUT_OF_RANGE'],
    ['a negative number', [-1], 'ERR_OUT_OF_RANGE'],
    ['a fraction', [1.5], 'ERR_OUT_OF_RANGE'],
    ['options null', ['755', null], 'ERR_INVALID_ARG_TYPE'],
    ['current too large', ['755', { current: 0o200000 }], 'ERR_OUT_OF_RANGE'],
    ['current text', ['755', { current: '755' }], 'ERR_INVALID_ARG_TYPE'],
    ['isDirectory a number', ['755', { isDirectory: 1 }], 'ERR_INVALID_ARG_TYPE'],
    ['umask too large', ['755', { umask: 0o1000 }], 'ERR_OUT_OF_RANGE'],
    ['umask text', ['755', { umask: '022' }], 'ERR_INVALID_ARG_TYPE'],
    ['an unknown syntax', ['755', { syntax: 'bsd' }], 'ERR_INVALID_ARG_VALUE'],
  ])('%s', (_, args, code) => {
    expect(() => parsePermissions(...(args as [string, ParsePermissionsOptions]))).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('properties', () => {
  test('what is formatted is parsed back, whatever the file had', () => {
    fc.assert(
      fc.property(permissions, permissions, (mode, current) => {
        expect(parsePermissions(formatPermissions(mode), { current })).toBe(mode);
        expect(parsePermissions(formatPermissions(mode, { style: 'symbolic' }), { current })).toBe(mode);
        for (const type of ['file', 'directory', 'unknown'] as const) {
          const listed = formatPermissions(mode, { style: 'ls', type });
          expect(parsePermissions(listed, { current, isDirectory: true })).toBe(mode);
          expect(parsePermissions(listed.slice(1), { current })).toBe(mode);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('random text is refused, or yields permissions', () => {
    const unit = fc.constantFrom(...'ugoarwxXst+-=,,0175 '.split(''));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), permissions, fc.boolean(), (text, current, isDirectory) => {
        let result: number;
        try {
          result = parsePermissions(text, { current, isDirectory, umask: 0o022 });
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
          return;
        }
        expect(Number.isInteger(result) && result >= 0 && result <= 0o7777).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});
