import { posix, win32 } from 'node:path';

import { checkArchiveName, isSafeArchiveName } from '@osx/paths';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const unsafe: [string, string, RegExp][] = [
  ['nothing', '', /empty/],
  ['an absolute name', '/etc/passwd', /absolute/],
  ['two slashes', '//server/share', /absolute/],
  ['..', '..', /leads out/],
  ['.. first', '../evil', /leads out/],
  ['.. in between', 'a/../../evil', /leads out/],
  ['.. that would stay inside', 'a/b/../c', /leads out/],
  ['.. last', 'a/..', /leads out/],
  ['.. with a slash', '../', /leads out/],
  ['.. behind .', './../evil', /leads out/],
  ['a drive letter', 'C:\\evil', /drive letter/],
  ['a drive letter with /', 'c:/evil', /drive letter/],
  ['a drive-relative name', 'C:evil', /drive letter/],
  ['a drive letter behind .', './/./C:evil', /drive letter/],
  ['UNC', '\\\\server\\share', /absolute on Windows/],
  ['a device path', '\\\\?\\C:\\evil', /absolute on Windows/],
  ['a root of Windows', '\\evil', /absolute on Windows/],
  ['.. with backslashes', '..\\..\\evil', /backslash/],
  ['.. with both', 'a/..\\..\\evil', /backslash/],
  ['NUL', 'a\0.txt', /NUL/],
  ['a newline', 'a\nb', /control/],
  ['an escape', 'a\u001b[2J', /control/],
  ['DEL', 'a\u007f', /control/],
  ['C1', 'a\u009b2J', /control/],
  ['a lone surrogate', 'a\ud800', /lone surrogate/],
];

describe('refused on every platform', () => {
  test.each(unsafe)('%s', (_what, name, reason) => {
    for (const options of [{}, { platform: 'posix' }, { platform: 'win32' }] as const) {
      expect(() => checkArchiveName(name, options)).toThrow(
        expect.objectContaining({
          name: 'SystemError',
          code: 'ERR_OSX_UNSAFE_NAME',
          message: expect.stringMatching(reason) as string,
        }),
      );
      expect(isSafeArchiveName(name, options)).toBe(false);
      if (name.isWellFormed()) expect(isSafeArchiveName(Buffer.from(name), options)).toBe(false);
    }
  });
});

test.each([
  ['a', 'a'],
  ['./a', 'a'],
  ['a//b/./c/', 'a/b/c'],
  ['.', '.'],
  ['./', '.'],
  ['...', '...'],
  ['..a/b..', '..a/b..'],
  ['a/.../b', 'a/.../b'],
  ['ünïcode/файл', 'ünïcode/файл'],
  ['ab:c', 'ab:c'],
  ['name.', 'name.'],
  ['CON', 'CON'],
])('%s is safe, and is %s', (name, plain) => {
  expect(checkArchiveName(name)).toBe(plain);
  expect(checkArchiveName(Buffer.from(name))).toEqual(Buffer.from(plain));
});

test('bytes that are no UTF-8 are names', () => {
  expect(checkArchiveName(Buffer.from([0x66, 0xff, 0x2f]))).toEqual(Buffer.from([0x66, 0xff]));
});

test('a backslash is a character of names by option, and .. stays ..', () => {
  const options = { allowBackslash: true };
  expect(checkArchiveName('dev-disk-by\\x2duuid.swap', options)).toBe('dev-disk-by\\x2duuid.swap');
  expect(isSafeArchiveName('..\\x', options)).toBe(true);
  expect(isSafeArchiveName('../x', options)).toBe(false);
  expect(isSafeArchiveName('C:\\x', options)).toBe(false);
});

describe('refused for Windows', () => {
  const devices = [
    'CON',
    'nul',
    'Aux.txt',
    'PRN .log',
    'com1',
    'LPT9.x.y',
    'COM¹',
    'conin$',
    'CONOUT$.txt',
    'a/NUL/b',
    'aux.',
  ];
  const ends = ['name.', 'name ', 'dir./file', '... ', '.. /evil', 'a/.. ./b'];
  const characters = ['file:stream', 'a<b', 'a>b', 'a"b', 'a|b', 'a?b', 'a*b'];
  test.each([...devices, ...ends, ...characters])('%s', (name) => {
    expect(isSafeArchiveName(name, { platform: 'win32' })).toBe(false);
    expect(isSafeArchiveName(name)).toBe(true);
  });

  test.each(['console', 'com', 'com10', 'a.con', 'nul-file', 'lpt', 'a b', '.hidden'])('%s is safe', (name) => {
    expect(checkArchiveName(name, { platform: 'win32' })).toBe(name);
  });
});

test('what is safe stays in the destination, as both systems join names', () => {
  const part = fc.constantFrom('a', '..', '.', '', 'C:', '\\', '..\\', '/', '~', 'x\\..\\..', ' ', '\t');
  let safe = 0;
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), fc.boolean(), (parts, slashes) => {
      const name = parts.join(slashes ? '/' : '');
      if (!isSafeArchiveName(name)) return;
      safe += 1;
      const joinedHere = posix.resolve('/dest', checkArchiveName(name));
      expect(joinedHere === '/dest' || joinedHere.startsWith('/dest/')).toBe(true);
      const joinedThere = win32.resolve('D:\\dest', checkArchiveName(name));
      expect(joinedThere === 'D:\\dest' || joinedThere.startsWith('D:\\dest\\')).toBe(true);
    }),
    { numRuns: 5000 },
  );
  expect(safe).toBeGreaterThan(100);
});

test.each([
  [7, undefined, 'ERR_INVALID_ARG_TYPE'],
  [undefined, undefined, 'ERR_INVALID_ARG_TYPE'],
  ['a', { platform: 'linux' }, 'ERR_INVALID_ARG_VALUE'],
  ['a', { allowBackslash: 1 }, 'ERR_INVALID_ARG_TYPE'],
  ['a', { platform: 'win32', allowBackslash: true }, 'ERR_INVALID_ARG_VALUE'],
  ['a', null, 'ERR_INVALID_ARG_TYPE'],
])('arguments %j, %j are refused', (name, options, code) => {
  expect(() => checkArchiveName(name as never, options as never)).toThrow(expect.objectContaining({ code }));
  expect(() => isSafeArchiveName(name as never, options as never)).toThrow(expect.objectContaining({ code }));
});
