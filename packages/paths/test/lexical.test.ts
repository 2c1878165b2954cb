import { commonPath, isPathInDirectory, parentDirectory } from '@osx/paths';
import { describe, expect, test } from 'vitest';

describe('parentDirectory', () => {
  test.each([
    ['/a/b/c', 1, '/a/b'],
    ['/a/b/c', 2, '/a'],
    ['/a/b/c', 3, '/'],
    ['/a/b/c', 9, '/'],
    ['/', 1, '/'],
    ['//', 0, '/'],
    ['/a/b/', 1, '/a'],
    ['/a//b/.', 1, '/a'],
    ['/a/b/', 0, '/a/b'],
    ['a/b', 1, 'a'],
    ['a', 1, '.'],
    ['a', 2, '..'],
    ['a', 3, '../..'],
    ['.', 0, '.'],
    ['.', 1, '..'],
    ['..', 1, '../..'],
    ['a/..', 1, 'a/../..'],
    ['a/../b', 1, 'a/..'],
    ['a/../b', 2, 'a/../..'],
    ['/..', 1, '/../..'],
  ])('of %s, %i up, is %s', (path, levels, parent) => {
    expect(parentDirectory(path, levels)).toBe(parent);
    expect(parentDirectory(Buffer.from(path), levels)).toEqual(Buffer.from(parent));
  });

  test('one level is the default, URLs are paths, and bytes stay', () => {
    expect(parentDirectory(new URL('file:///a/b%20c/d'))).toBe('/a/b c');
    expect(parentDirectory(Buffer.from('/\xff/b', 'latin1'))).toEqual(Buffer.from('/\xff', 'latin1'));
  });

  test.each([
    ['', 1, 'ERR_INVALID_ARG_VALUE'],
    ['a\0', 1, 'ERR_INVALID_ARG_VALUE'],
    [null, 1, 'ERR_INVALID_ARG_TYPE'],
    ['a', -1, 'ERR_OUT_OF_RANGE'],
    ['a', 0.5, 'ERR_OUT_OF_RANGE'],
    ['a', '1', 'ERR_INVALID_ARG_TYPE'],
  ])('(%j, %j) is refused', (path, levels, code) => {
    expect(() => parentDirectory(path as never, levels as never)).toThrow(expect.objectContaining({ code }));
  });
});

describe('commonPath', () => {
  test.each([
    [['/usr/lib', '/usr/libexec'], '/usr'],
    [['/usr/lib', '/usr/lib'], '/usr/lib'],
    [['/usr/lib/', '/usr//lib/./x'], '/usr/lib'],
    [['/a', '/b'], '/'],
    [['/'], '/'],
    [['a/b'], 'a/b'],
    [['a/b', 'a'], 'a'],
    [['a', 'b'], '.'],
    [['.', 'a'], '.'],
    [['a/../b/c', 'b/d'], 'b'],
    [['../a', '../b'], '..'],
    [['a', '../b'], '..'],
    [['../../b', '../c', 'd'], '../..'],
    [['a/../../b', 'a/c'], '..'],
    [['/a/../b', '/b'], '/b'],
    [['/..', '/a'], '/'],
  ])('of %j is %s', (paths, common) => {
    expect(commonPath(paths)).toBe(common);
    expect(commonPath(paths.toReversed())).toBe(common);
    expect(commonPath(paths.map((path) => Buffer.from(path)))).toEqual(Buffer.from(common));
  });

  test('bytes with text are bytes', () => {
    expect(commonPath<string | Buffer>(['/a/b', Buffer.from('/a/\xff', 'latin1')])).toEqual(Buffer.from('/a'));
  });

  test.each([
    [[], 'ERR_INVALID_ARG_VALUE'],
    [['/a', 'b'], 'ERR_INVALID_ARG_VALUE'],
    [['a', ''], 'ERR_INVALID_ARG_VALUE'],
    [['a', 1], 'ERR_INVALID_ARG_TYPE'],
    ['/a', 'ERR_INVALID_ARG_TYPE'],
  ])('of %j is refused', (paths, code) => {
    expect(() => commonPath(paths as never)).toThrow(expect.objectContaining({ code }));
  });
});

describe('isPathInDirectory without looking', () => {
  const options = { followSymlinks: false };
  test.each([
    ['/a/b', '/a', true],
    ['/a/b/c', '/a', true],
    ['/a', '/a', false],
    ['/a/', '/a', false],
    ['/ab', '/a', false],
    ['/a/../b', '/a', false],
    ['/a/b/..', '/a', false],
    ['/b/../a/c', '/a', true],
    ['/a', '/', true],
    ['/', '/', false],
    ['x/y', 'x', true],
    ['../x', '.', false],
    ['.', '/', true],
  ])('%s in %s: %s', (path, directory, expected) => {
    expect(isPathInDirectory(path, directory, options)).toBe(expected);
    expect(isPathInDirectory(Buffer.from(path), Buffer.from(directory), options)).toBe(expected);
  });

  test('itself, by option', () => {
    expect(isPathInDirectory('/a/', '/a', { ...options, includeSelf: true })).toBe(true);
    expect(isPathInDirectory('/', '/a', { ...options, includeSelf: true })).toBe(false);
  });

  test.each([
    ['', '/a', undefined, 'ERR_INVALID_ARG_VALUE'],
    ['/a', 5, undefined, 'ERR_INVALID_ARG_TYPE'],
    ['/a', '/', { followSymlinks: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ['/a', '/', { includeSelf: 'yes' }, 'ERR_INVALID_ARG_TYPE'],
  ])('(%j, %j, %j) is refused', (path, directory, wrong, code) => {
    expect(() => isPathInDirectory(path as never, directory as never, wrong as never)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
