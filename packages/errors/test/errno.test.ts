import { getSystemErrorMap } from 'node:util';
import { describe, expect, test } from 'vitest';
import { errnoName, errnoNumber, strerror } from '../src/index.ts';
import { errnoTable } from '../src/internal/errno/errno-table.ts';
import { errnoTexts } from '../src/internal/errno/texts.ts';

const platforms = ['linux', 'darwin', 'freebsd', 'openbsd', 'netbsd'] as const;

describe.each(platforms)('the table of %s', (platform) => {
  const { names, numbers } = errnoTable(platform)!;

  test('leads from every number to its name and back', () => {
    for (const [number, name] of names) expect(numbers.get(name), name).toBe(number);
  });

  test('leads from every name, alias or not, to a name of the same number', () => {
    for (const [name, number] of numbers) {
      expect(number, name).toSatisfy((n: number) => Number.isInteger(n) && n > 0);
      expect(errnoNumber(errnoName(number, platform)!, platform), name).toBe(number);
    }
  });

  test('has a text for every name', () => {
    for (const name of numbers.keys()) expect(strerror(name), name).not.toBe('unknown error');
  });

  test('has no gap but those of the header', () => {
    const gaps = Array.from({ length: Math.max(...names.keys()) }, (_, index) => index + 1).filter(
      (n) => !names.has(n),
    );
    expect(gaps).toEqual(platform === 'linux' ? [41, 58] : []);
  });
});

test('no text belongs to a name that no platform has', () => {
  const all = new Set(platforms.flatMap((platform) => [...errnoTable(platform)!.numbers.keys()]));
  expect(Object.keys(errnoTexts()).filter((name) => !all.has(name))).toEqual([]);
});

test('texts start in lower case, as those of Node do, acronyms apart', () => {
  const capitals = Object.values(errnoTexts()).filter(
    (text) => /^[A-Z](?![A-Z])/.test(text) && !text.startsWith('IPsec'),
  );
  expect(capitals).toEqual([]);
});

test.each([
  ['linux', 'EDEADLK', 35],
  ['linux', 'ENOLCK', 37],
  ['linux', 'ENOTSUP', 95],
  ['linux', 'ESTALE', 116],
  ['linux', 'EUCLEAN', 117],
  ['linux', 'EDQUOT', 122],
  ['linux', 'ECANCELED', 125],
  ['linux', 'EOWNERDEAD', 130],
  ['linux', 'EHWPOISON', 133],
  ['android', 'ELOOP', 40],
  ['darwin', 'EDEADLK', 11],
  ['darwin', 'EAGAIN', 35],
  ['darwin', 'ENOTSUP', 45],
  ['darwin', 'ELOOP', 62],
  ['darwin', 'ENOTEMPTY', 66],
  ['darwin', 'ESTALE', 70],
  ['darwin', 'ENOLCK', 77],
  ['darwin', 'ENOSYS', 78],
  ['darwin', 'ENEEDAUTH', 81],
  ['darwin', 'EPWROFF', 82],
  ['darwin', 'EOVERFLOW', 84],
  ['darwin', 'ECANCELED', 89],
  ['darwin', 'EILSEQ', 92],
  ['darwin', 'ENOATTR', 93],
  ['darwin', 'EPROTO', 100],
  ['darwin', 'ETIME', 101],
  ['darwin', 'EOPNOTSUPP', 102],
  ['darwin', 'EQFULL', 106],
  ['freebsd', 'ENOTSUP', 45],
  ['freebsd', 'EIDRM', 82],
  ['freebsd', 'ECANCELED', 85],
  ['freebsd', 'EPROTO', 92],
  ['freebsd', 'ECAPMODE', 94],
  ['freebsd', 'EINTEGRITY', 97],
  ['openbsd', 'EOPNOTSUPP', 45],
  ['openbsd', 'EIPSEC', 82],
  ['openbsd', 'EILSEQ', 84],
  ['openbsd', 'ENOTSUP', 91],
  ['openbsd', 'EPROTO', 95],
  ['netbsd', 'EOPNOTSUPP', 45],
  ['netbsd', 'EILSEQ', 85],
  ['netbsd', 'ENOTSUP', 86],
  ['netbsd', 'EOWNERDEAD', 97],
])('%s: %s is %i', (platform, name, number) => {
  expect(errnoNumber(name, platform)).toBe(number);
  expect(errnoName(number, platform)).toBe(name);
  expect(errnoName(-number, platform)).toBe(name);
});

test.each([
  ['linux', 'EWOULDBLOCK', 'EAGAIN'],
  ['linux', 'EDEADLOCK', 'EDEADLK'],
  ['linux', 'EOPNOTSUPP', 'ENOTSUP'],
  ['darwin', 'EWOULDBLOCK', 'EAGAIN'],
  ['freebsd', 'EOPNOTSUPP', 'ENOTSUP'],
  ['openbsd', 'EWOULDBLOCK', 'EAGAIN'],
])('%s: %s is an alias of %s', (platform, alias, name) => {
  expect(errnoNumber(alias, platform)).toBe(errnoNumber(name, platform));
  expect(errnoName(errnoNumber(alias, platform)!, platform)).toBe(name);
  expect(strerror(alias)).toBe(strerror(name));
});

test('every text that libuv has is libuv’s', () => {
  const ours = errnoTexts();
  for (const [name, text] of getSystemErrorMap().values()) {
    if (Object.hasOwn(ours, name)) expect(ours[name], name).toBe(text);
  }
});

test('the default platform is this one, and agrees with Node about it', () => {
  for (const [number, [name]] of getSystemErrorMap()) {
    if (number <= -3000) continue;
    expect(errnoName(number)).toBe(name);
    expect(errnoNumber(name)).toBe(-number);
  }
});

test.each([0, -0, 41, 58, 134, 4095, 1.5, NaN, Infinity, -Infinity, 1e21, Number.MAX_SAFE_INTEGER])(
  'the number %d has no name on Linux',
  (number) => expect(errnoName(number, 'linux')).toBe(undefined),
);

test.each(['', 'enoent', 'ENOENT ', 'EFTYPE', 'constructor', '__proto__', 'toString', 'ERR_OSX_X', '2'])(
  'the name %j has no number on Linux',
  (name) => expect(errnoNumber(name, 'linux')).toBe(undefined),
);

test('a platform without a table has neither names nor numbers', () => {
  for (const platform of ['', 'plan9', '__proto__', 'win32']) {
    if (platform === process.platform) continue;
    expect(errnoName(2, platform)).toBe(undefined);
    expect(errnoNumber('ENOENT', platform)).toBe(undefined);
    expect(strerror(2, platform)).toBe('Unknown system error -2');
    expect(strerror('ENOENT', platform)).toBe('no such file or directory');
  }
});

test('a host without a table gets what Node knows of it', () => {
  const { platform } = process;
  try {
    Object.defineProperty(process, 'platform', { value: 'aix' });
    expect(errnoName(-2)).toBe('ENOENT');
    expect(errnoNumber('EACCES')).toBe(13);
  } finally {
    Object.defineProperty(process, 'platform', { value: platform });
  }
});

test('strerror says libuv’s words, else the C library’s', () => {
  expect(strerror('EACCES')).toBe('permission denied');
  expect(strerror(-37, 'linux')).toBe('no locks available');
  expect(strerror(77, 'darwin')).toBe('no locks available');
  expect(strerror(35, 'linux')).toBe('resource deadlock avoided');
  expect(strerror('EBADRPC')).toBe('RPC struct is bad');
});

test('strerror of what nobody knows', () => {
  expect(strerror(4095)).toBe('Unknown system error -4095');
  expect(strerror(-4095)).toBe('Unknown system error -4095');
  expect(strerror(NaN)).toBe('Unknown system error NaN');
  expect(strerror('ERR_OSX_X')).toBe('unknown error');
  expect(strerror('__proto__')).toBe('unknown error');
  expect(strerror('constructor')).toBe('unknown error');
});
