import { manglePath, shadowedPath, shadowPath, unmanglePath } from '@osx/paths';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const bytes = fc
  .uint8Array({ minLength: 1, maxLength: 60 })
  .map((array) => Buffer.from(array.map((byte) => (byte === 0 ? 0x2f : byte))));
/** Paths in which what is escaped, and what escapes, is likely. */
const text = fc
  .array(
    fc.constantFrom('/', '+', '%', '_', '__', '.', '..', '-', 'con', 'NUL', 'a', 'B', '2', 'F', '25', 'é', ' ', '\n'),
    {
      minLength: 1,
      maxLength: 20,
    },
  )
  .map((parts) => parts.join(''));
const name = fc.string({
  unit: fc.constantFrom('+', '%', '2', 'F', 'f', '5', 'a', '.', '-', '_'),
  minLength: 1,
  maxLength: 12,
});

/** The reference's scheme, in one line each way: the mutant that must fail the properties below. */
const referenceMangle = (path: string): string => path.replaceAll('_', '__').replaceAll('/', '_');
const referenceUnmangle = (mangled: string): string => mangled.replaceAll('_', '/').replaceAll('//', '_');

describe('mangled names', () => {
  test('every path of bytes comes back', () => {
    fc.assert(
      fc.property(bytes, (path) => {
        const mangled = manglePath(path);
        expect(mangled).toBeInstanceOf(Buffer);
        expect(unmanglePath(mangled)).toEqual(path);
        expect(mangled.toString('latin1')).toMatch(/^[A-Za-z0-9._%+-]{1,255}$/);
      }),
      { numRuns: 5000 },
    );
  });

  test('every path of text comes back, and two paths never share a name', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(unmanglePath(manglePath(one))).toBe(one);
        expect(manglePath(one) === manglePath(other)).toBe(one === other);
        expect(manglePath(Buffer.from(one)).toString()).toBe(manglePath(one));
      }),
      { numRuns: 5000 },
    );
  });

  test('a name is either refused or comes back: no two names give one path', () => {
    let taken = 0;
    fc.assert(
      fc.property(name, (asked) => {
        let path: Buffer;
        try {
          path = unmanglePath(Buffer.from(asked));
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
          return;
        }
        taken += 1;
        expect(manglePath(path).toString()).toBe(asked);
      }),
      { numRuns: 5000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  test.each([
    ['/etc/hosts', '+etc+hosts'],
    ['/', '+'],
    ['.', '%2E'],
    ['..', '%2E%2E'],
    ['.hidden', '%2Ehidden'],
    ['-rf', '%2Drf'],
    ['a.', 'a%2E'],
    ['con', '%63on'],
    ['NUL.txt', '%4EUL.txt'],
    ['COM9.tar.gz', '%43OM9.tar.gz'],
    ['console', 'console'],
    ['a+b%c_d', 'a%2Bb%25c_d'],
    ['é', '%C3%A9'],
    ['a b:c\\d', 'a%20b%3Ac%5Cd'],
  ])('%s is %s', (path, mangled) => {
    expect(manglePath(path)).toBe(mangled);
    expect(unmanglePath(mangled)).toBe(path);
  });

  test('255 bytes are a name, 256 are ENAMETOOLONG', () => {
    expect(manglePath('a'.repeat(255))).toHaveLength(255);
    expect(manglePath(`${'/a'.repeat(127)}/`)).toHaveLength(255);
    expect(() => manglePath('a'.repeat(256))).toThrow(expect.objectContaining({ code: 'ENAMETOOLONG' }));
    expect(() => manglePath('é'.repeat(43))).toThrow(/ENAMETOOLONG: the mangled name has 258 bytes/);
    expect(() => unmanglePath('a'.repeat(256))).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
  });

  test.each(['%2f', '%2F', '%41', '%00', 'a/b', 'a%', 'a%2', '.a', '-a', 'a.', 'con', 'a b', 'é', '%C3%A9.'])(
    'the name %s is refused',
    (asked) => {
      expect(() => unmanglePath(asked)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
    },
  );

  test('a path that is no UTF-8 comes as bytes only', () => {
    expect(unmanglePath(Buffer.from('%FF'))).toEqual(Buffer.from([0xff]));
    expect(() => unmanglePath('%FF')).toThrow(expect.objectContaining({ code: 'EILSEQ' }));
  });

  test.each([
    ['', 'ERR_INVALID_ARG_VALUE'],
    ['a\0b', 'ERR_INVALID_ARG_VALUE'],
    ['\ud800', 'ERR_INVALID_ARG_VALUE'],
    [7, 'ERR_INVALID_ARG_TYPE'],
  ])('manglePath(%j) is refused', (path, code) => {
    expect(() => manglePath(path as never)).toThrow(expect.objectContaining({ code }));
  });

  test('the scheme of the reference is no bijection', () => {
    expect(referenceMangle('/a_/b')).toBe(referenceMangle('/a/_b'));
    expect(referenceMangle('/a//b')).toBe(referenceMangle('/a_b'));
    expect(referenceUnmangle(referenceMangle('/a/_b'))).toBe('/a_/b');
    const property = fc.property(text, (path) => referenceUnmangle(referenceMangle(path)) === path);
    expect(fc.check(property, { numRuns: 5000 }).failed).toBe(true);
  });
});

describe('shadow paths', () => {
  test('one name for each absolute path, and back', () => {
    expect(shadowPath('/s', '/etc/hosts')).toBe('/s/+etc+hosts');
    expect(shadowPath('/s/', '/etc//./x/../hosts')).toBe('/s/+etc+hosts');
    expect(shadowPath('/s', 'file')).toBe(`/s/${manglePath(`${process.cwd()}/file`)}`);
    expect(shadowPath('/s', '/')).toBe('/s/+');
    expect(shadowedPath('/s', '/s/+etc+hosts')).toBe('/etc/hosts');
    fc.assert(
      fc.property(bytes, (path) => {
        const shadow = shadowPath(Buffer.from('/s'), Buffer.concat([Buffer.from('/'), path]));
        expect(shadow.subarray(3).includes('/')).toBe(false);
        expect(shadowPath(Buffer.from('/s'), shadowedPath('/s', shadow))).toEqual(shadow);
      }),
    );
  });

  test.each(['/other/+etc', '/s/etc', '/s', '/s/+a/b', '/s/../+etc'])('%s is no shadow under /s', (shadow) => {
    expect(() => shadowedPath('/s', shadow)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
  });
});
