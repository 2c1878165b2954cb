import { execFileSync } from 'node:child_process';
import { inspect } from 'node:util';
import { isSystemError } from '@osx/errors';
import { getRealEnviron, setRealEnviron, unsetRealEnviron } from '@osx/environ';
import { needs, runFixture } from '@osx/test-support';
import { afterEach, expect, test } from 'vitest';

const name = 'OSX_REAL_ENVIRON_TEST';
afterEach(() => unsetRealEnviron(name));

test('set, empty and not set, as process.env of the main thread has it', () => {
  expect(getRealEnviron(name)).toBeUndefined();
  for (const value of ['x', '', 'ü 😀\n=\t', '\u0001\u007f', 'a'.repeat(100_000)]) {
    setRealEnviron(name, value);
    expect([getRealEnviron(name), process.env[name]]).toEqual([value, value]);
  }
  process.env[name] = 'by Node';
  expect(getRealEnviron(name)).toBe('by Node');
  delete process.env[name];
  expect(getRealEnviron(name)).toBeUndefined();
  setRealEnviron(name, 'x');
  unsetRealEnviron(name);
  unsetRealEnviron(name);
  expect([getRealEnviron(name), name in process.env]).toEqual([undefined, false]);
});

test('a name that is not ASCII', () => {
  setRealEnviron(`${name}_ü`, 'x');
  expect(process.env[`${name}_ü`]).toBe('x');
  unsetRealEnviron(`${name}_ü`);
});

test('bytes that are not UTF-8: as they are, or an error, and never something like them', () => {
  const bytes = Buffer.from([0x61, 0xff, 0xfe, 0xe9]);
  setRealEnviron(name, bytes);
  expect(getRealEnviron(name, { encoding: 'buffer' })).toEqual(bytes);
  expect(process.env[name]).toBe('a\ufffd\ufffd\ufffd');
  let error: unknown;
  try {
    getRealEnviron(name);
  } catch (caught) {
    error = caught;
  }
  expect(isSystemError(error, 'EILSEQ')).toBe(true);
  expect(error).toMatchObject({ syscall: 'getenv', message: `EILSEQ: the value of ${name} is not UTF-8, getenv` });
});

needs('linux').test('a child has the bytes', () => {
  setRealEnviron(name, Buffer.from([0xe9]));
  // Node would make the environment of a child from its texts; a child of its child's has what it was given.
  const print = `require('child_process').execFileSync('true');process.stdout.write(require('fs').readFileSync('/proc/self/environ'))`;
  const bytes = execFileSync('sh', ['-c', `${name}="$(printf '\\351')" exec "$0" -e "$1"`, process.execPath, print]);
  expect(bytes.includes(Buffer.from(`${name}=\u00e9\0`, 'latin1'))).toBe(true);
});

needs('linux').test('a Worker has a copy, and reaches the real one all the same', async () => {
  const { code, stdout, stderr } = await runFixture(new URL('fixtures/real-environ.ts', import.meta.url));
  expect([code, stderr]).toEqual([0, '']);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    ['main is real', 'm'],
    ['worker writes its copy', 'copy', null],
    ['worker has what was there', 'm', 'm'],
    ['worker writes the real one', 'copy', 'real'],
    ['worker takes away the real one', 'm', null],
    ['main sees it', 'real', null, 'unset real'],
    ['worker writes its copy', 'copy', 'copy'],
    ['worker has what was there', 'm', 'm'],
    ['worker writes the real one', 'real', 'real'],
    ['worker takes away the real one', null, null],
    ['main after a Worker that shares', 'real', null, 'unset real'],
  ]);
});

test.each([
  ['no name', undefined, 'x', 'ERR_INVALID_ARG_TYPE'],
  ['an empty name', '', 'x', 'ERR_INVALID_ARG_VALUE'],
  ['= in a name', 'A=B', 'x', 'ERR_INVALID_ARG_VALUE'],
  ['NUL in a name', 'A\0B', 'x', 'ERR_INVALID_ARG_VALUE'],
  ['a lone surrogate in a name', 'A\ud800', 'x', 'ERR_INVALID_ARG_VALUE'],
])('refused: %s', (_, bad, value, code) => {
  const expected = expect.objectContaining({ code });
  expect(() => getRealEnviron(bad as string)).toThrow(expected);
  expect(() => setRealEnviron(bad as string, value)).toThrow(expected);
  expect(() => unsetRealEnviron(bad as string)).toThrow(expected);
});

test.each([
  ['undefined', undefined, 'ERR_INVALID_ARG_TYPE'],
  ['a number', 1234567, 'ERR_INVALID_ARG_TYPE'],
  ['an array', [1234567], 'ERR_INVALID_ARG_TYPE'],
  ['NUL in a text', '1234567\0', 'ERR_INVALID_ARG_VALUE'],
  ['NUL in bytes', Buffer.from('1234567\0'), 'ERR_INVALID_ARG_VALUE'],
  ['a lone surrogate', '1234567\udfff', 'ERR_INVALID_ARG_VALUE'],
])('a value refused, and not shown: %s', (_, value, code) => {
  setRealEnviron(name, 'before');
  let error: unknown;
  try {
    setRealEnviron(name, value as string);
  } catch (caught) {
    error = caught;
  }
  expect(error).toMatchObject({ code });
  expect(inspect(error)).not.toContain('1234567');
  expect(getRealEnviron(name)).toBe('before');
});

test('options are checked', () => {
  expect(() => getRealEnviron(name, { encoding: 'latin1' as never })).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }),
  );
  expect(() => getRealEnviron(name, null as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
});
