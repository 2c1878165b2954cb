import { describe, expect, test } from 'vitest';

import { parseFlatKeyed, parseList, parseNestedKeyed, parseNumber } from '../src/internal/cgroup-formats.ts';
import { limitText, parseLimit } from '../src/internal/cgroup-limit-text.ts';
import { directoryInMount, parseCgroupMounts } from '../src/internal/cgroup-mounts.ts';
import {
  checkCgroupPath,
  checkEntryName,
  checkValue,
  subtreeControlText,
} from '../src/internal/check-cgroup-arguments.ts';

// The texts are those of kernels that have the controllers: here they are bound to cgroups v1.

describe('formats', () => {
  test('one number, and max', () => {
    expect([parseNumber('12582912', 'memory.current'), parseNumber('max', 'memory.max')]).toEqual([
      12_582_912,
      Infinity,
    ]);
    expect(parseNumber('-10', 'cpu.weight.nice')).toBe(-10);
    for (const text of ['', 'two', '1 2', '0x10', 'Infinity'])
      expect(() => parseNumber(text, 'memory.max')).toThrow(`EBADMSG: '${text}' is not a number, read 'memory.max'`);
  });

  test('lists on one line and on many', () => {
    expect(parseList('cpuset cpu io memory')).toEqual(['cpuset', 'cpu', 'io', 'memory']);
    expect(parseList('12\n7\n')).toEqual(['12', '7']);
    expect(parseList('')).toEqual([]);
  });

  test('flat keyed: memory.events, cpu.stat', () => {
    expect(parseFlatKeyed('low 0\nhigh 3\nmax 12\noom 0\noom_kill 0\noom_group_kill 0\n')).toEqual({
      low: 0,
      high: 3,
      max: 12,
      oom: 0,
      oom_kill: 0,
      oom_group_kill: 0,
    });
    expect(parseFlatKeyed('usage_usec 9007199254740991')).toEqual({ usage_usec: 9_007_199_254_740_991 });
    expect(parseFlatKeyed('')).toEqual({});
  });

  test('nested keyed: io.stat, io.max, pressure, numa', () => {
    expect(parseNestedKeyed('8:16 rbytes=1459200 wbytes=314773504 rios=192\n253:0 rbytes=1\n')).toEqual({
      '8:16': { rbytes: 1_459_200, wbytes: 314_773_504, rios: 192 },
      '253:0': { rbytes: 1 },
    });
    expect(parseNestedKeyed('8:16 rbps=2097152 wbps=max riops=120 wiops=max')).toEqual({
      '8:16': { rbps: 2_097_152, wbps: Infinity, riops: 120, wiops: Infinity },
    });
    expect(parseNestedKeyed('some avg10=0.00 avg60=1.25 avg300=0.07 total=4224\nfull avg10=0.00 total=0')).toEqual({
      some: { avg10: 0, avg60: 1.25, avg300: 0.07, total: 4224 },
      full: { avg10: 0, total: 0 },
    });
    expect(parseNestedKeyed('8:0 ctrl=auto model=linear rbps=1')).toEqual({
      '8:0': { ctrl: 'auto', model: 'linear', rbps: 1 },
    });
    expect(parseNestedKeyed('total=0 N0=7')).toEqual({ '': { total: 0, N0: 7 } });
    expect(parseNestedKeyed('8:0 \n')).toEqual({ '8:0': {} });
  });

  test('a key cannot become a prototype', () => {
    const parsed = parseFlatKeyed('__proto__ 1\nconstructor 2');
    expect([Object.keys(parsed), Object.getPrototypeOf(parsed)]).toEqual([
      ['__proto__', 'constructor'],
      Object.prototype,
    ]);
  });
});

describe('limits', () => {
  test('what is written', () => {
    expect(limitText('memory.max', 1 << 20)).toBe('1048576');
    expect(limitText('memory.high', Infinity)).toBe('max');
    expect(limitText('pids.max', 0)).toBe('0');
    expect(limitText('cpu.weight', 10_000)).toBe('10000');
    expect(limitText('cpu.max', { quotaUs: 50_000, periodUs: 100_000 })).toBe('50000 100000');
    expect(limitText('cpu.max', { quotaUs: Infinity })).toBe('max');
  });

  test('what is read', () => {
    expect(parseLimit('cpu.max', 'max 100000')).toEqual({ quotaUs: Infinity, periodUs: 100_000 });
    expect(parseLimit('cpu.max', '50000 20000')).toEqual({ quotaUs: 50_000, periodUs: 20_000 });
    expect([parseLimit('pids.max', 'max'), parseLimit('cpu.weight', '100')]).toEqual([Infinity, 100]);
  });

  test.each<[name: 'memory.max' | 'cpu.weight' | 'cpu.max', value: unknown, code: string, named: string]>([
    ['memory.max', -1, 'ERR_OUT_OF_RANGE', 'value'],
    ['memory.max', 1.5, 'ERR_OUT_OF_RANGE', 'value'],
    ['memory.max', Number.NaN, 'ERR_OUT_OF_RANGE', 'value'],
    ['memory.max', '1M', 'ERR_INVALID_ARG_TYPE', 'value'],
    ['cpu.weight', 0, 'ERR_OUT_OF_RANGE', 'value'],
    ['cpu.weight', 10_001, 'ERR_OUT_OF_RANGE', 'value'],
    ['cpu.weight', Infinity, 'ERR_OUT_OF_RANGE', 'value'],
    ['cpu.max', 5, 'ERR_INVALID_ARG_TYPE', 'value'],
    ['cpu.max', null, 'ERR_INVALID_ARG_TYPE', 'value'],
    ['cpu.max', { quotaUs: 999 }, 'ERR_OUT_OF_RANGE', 'value.quotaUs'],
    ['cpu.max', { quotaUs: 1000, periodUs: 999 }, 'ERR_OUT_OF_RANGE', 'value.periodUs'],
    ['cpu.max', { quotaUs: 1000, periodUs: 1_000_001 }, 'ERR_OUT_OF_RANGE', 'value.periodUs'],
  ])('%s does not take %s', (name, value, code, named) => {
    expect(() => limitText(name, value)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`"${named}"`) }),
    );
  });
});

describe('mounts', () => {
  const line = (root: string, mountPoint: string, options = 'rw', superOptions = 'rw'): string =>
    `41 31 0:38 ${root} ${mountPoint} ${options},nosuid shared:9 - cgroup2 cgroup2 ${superOptions},nsdelegate`;

  test('only cgroup2, with escapes, read-only by mount or by file system', () => {
    const text = [
      '32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu',
      line('/', '/sys/fs/cgroup/unified'),
      line(String.raw`/a\040b`, String.raw`/mnt/c\134d`, 'ro'),
      line('/..', '/x', 'rw', 'ro'),
      '50 31 0:40 / /cgroup2 rw - tmpfs cgroup2 rw',
      '',
    ].join('\n');
    expect(parseCgroupMounts(text)).toEqual([
      { mountPoint: '/sys/fs/cgroup/unified', root: '/', isReadOnly: false },
      { mountPoint: String.raw`/mnt/c\d`, root: '/a b', isReadOnly: true },
      { mountPoint: '/x', root: '/..', isReadOnly: true },
    ]);
  });

  test.each<[root: string, mountPoint: string, path: string, directory: string | undefined]>([
    ['/', '/c', '/', '/c'],
    ['/', '/c', '/a/b', '/c/a/b'],
    ['/', '/', '/a', '/a'],
    ['/', '/', '/', '/'],
    ['/a', '/c', '/a', '/c'],
    ['/a', '/c', '/a/b', '/c/b'],
    ['/a', '/c', '/ab', undefined],
    ['/a', '/c', '/', undefined],
    ['/..', '/c', '/..', '/c'],
    ['/..', '/c', '/../x', '/c/x'],
    ['/..', '/c', '/', undefined],
    ['/..', '/c', '/../..', undefined],
    ['/', '/c', '/..', undefined],
    ['/', '/c', '/../x', undefined],
  ])('root %s at %s shows %s at %s', (root, mountPoint, path, directory) => {
    expect(directoryInMount({ root, mountPoint, isReadOnly: false }, path)).toBe(directory);
  });
});

describe('arguments', () => {
  const code = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      return (error as { code: string }).code;
    }
    return 'nothing was thrown';
  };

  test.each(['', '.', '..', '/', 'a/b', '../a', 'a\0', 'a\n', 'é'.repeat(128)])('%j is no name', (name) => {
    expect(code(() => checkEntryName('name', name))).toBe('ERR_INVALID_ARG_VALUE');
  });

  test('names that look odd and are none the less names', () => {
    for (const name of ['...', '..a', ' ', 'a:b', '-', 'é'.repeat(127)])
      expect(checkEntryName('name', name)).toBe(name);
    expect(code(() => checkEntryName('name', 1))).toBe('ERR_INVALID_ARG_TYPE');
  });

  test('paths', () => {
    for (const path of ['/', '/a', '/a/b.slice']) expect(checkCgroupPath(path)).toBe(path);
    for (const path of ['', 'a', '/a/', '//', '/a//b', '/..', '/a/../b', '/./a'])
      expect(code(() => checkCgroupPath(path))).toBe('ERR_INVALID_ARG_VALUE');
  });

  test('values', () => {
    expect([checkValue('a b'), checkValue(5), checkValue(2n ** 63n), checkValue(Infinity)]).toEqual([
      'a b',
      '5',
      '9223372036854775808',
      'max',
    ]);
    expect([code(() => checkValue(1.5)), code(() => checkValue(Number.NaN)), code(() => checkValue({}))]).toEqual([
      'ERR_OUT_OF_RANGE',
      'ERR_OUT_OF_RANGE',
      'ERR_INVALID_ARG_TYPE',
    ]);
  });

  test('subtree control', () => {
    expect(subtreeControlText({ enable: ['memory', 'io'], disable: ['cpu'] })).toBe('+memory +io -cpu');
    expect(subtreeControlText({})).toBe('');
    expect(code(() => subtreeControlText({ enable: ['+memory'] }))).toBe('ERR_INVALID_ARG_VALUE');
    expect(code(() => subtreeControlText({ enable: ['a b'] }))).toBe('ERR_INVALID_ARG_VALUE');
    expect(code(() => subtreeControlText({ disable: 'memory' as never }))).toBe('ERR_INVALID_ARG_TYPE');
  });
});
