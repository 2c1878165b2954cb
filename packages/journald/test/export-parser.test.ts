import { describe, expect, test } from 'vitest';

import { ExportParser } from '../src/internal/reader/export-parser.ts';
import { asOneGroup, MatchGroups } from '../src/internal/reader/match-groups.ts';
import { entryArguments, matchArguments, sourceArguments } from '../src/internal/reader/journalctl-arguments.ts';

const HEAD = '__CURSOR=s=1;i=2a;b=3\n__REALTIME_TIMESTAMP=1700000000000001\n__MONOTONIC_TIMESTAMP=5\n_BOOT_ID=aa\n';

function framed(name: string, value: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(value.length));
  return Buffer.concat([Buffer.from(`${name}\n`), length, value, Buffer.from('\n')]);
}

const BINARY = Buffer.from('a\n\nB=c\0\xff\n', 'latin1');
const TWO = Buffer.concat([
  Buffer.from(`\n\n${HEAD}MESSAGE=one=two\nTWICE=1\nTWICE=2\nEMPTY=\n`),
  framed('BINARY', BINARY),
  framed('NOTHING', Buffer.alloc(0)),
  Buffer.from(`\n${HEAD}MESSAGE=next\n\n`),
]);

describe('ExportParser', () => {
  test.each([1, 2, 3, 7, 8, 9, 64, 1000])('entries in pieces of %i bytes', (size) => {
    const parser = new ExportParser(0);
    for (let at = 0; at < TWO.length; at += size) parser.push(TWO.subarray(at, at + size));
    expect(parser.isAtEnd).toBe(true);
    const entry = parser.take();
    expect(entry).toMatchObject({
      cursor: 's=1;i=2a;b=3',
      realtimeUsec: 1_700_000_000_000_001n,
      monotonicUsec: 5n,
      bootId: 'aa',
      message: 'one=two',
      seqnum: 0x2an,
    });
    expect(entry?.getAll('TWICE').map(String)).toEqual(['1', '2']);
    expect(entry?.getBytes('BINARY')).toEqual(BINARY);
    expect(entry?.getBytes('NOTHING')).toEqual(Buffer.alloc(0));
    expect(entry?.get('EMPTY')).toBe('');
    expect([...(entry?.fields.keys() ?? [])].filter((name) => name.startsWith('__'))).toEqual([]);
    expect(parser.take()?.message).toBe('next');
    expect(parser.take()).toBeUndefined();
  });

  test('an entry that is not whole is seen', () => {
    for (let length = 3; length < TWO.length - 1; length++) {
      const parser = new ExportParser(0);
      parser.push(TWO.subarray(0, length));
      const wasWhole = TWO.subarray(0, length).toString('latin1').endsWith('\n\n') && parser.take() !== undefined;
      expect(parser.isAtEnd).toBe(wasWhole);
    }
  });

  test.each([
    ['no line feed after a value', Buffer.concat([framed('X', BINARY).subarray(0, -1), Buffer.from('x')])],
    ['no cursor', Buffer.from('MESSAGE=x\n\n')],
    ['an absurd length', Buffer.concat([Buffer.from('X\n'), Buffer.alloc(8, 0xff)])],
  ])('%s is refused', (_, bytes) => {
    expect(() => new ExportParser(0).push(bytes)).toThrow(expect.objectContaining({ code: 'EBADMSG' }));
  });

  test('a threshold cuts values, framed or not, and nothing else', () => {
    const parser = new ExportParser(3);
    parser.push(TWO);
    const entry = parser.take();
    expect(entry?.cursor).toBe('s=1;i=2a;b=3');
    expect(entry?.message).toBe('one');
    expect(entry?.getBytes('BINARY')).toEqual(BINARY.subarray(0, 3));
    expect(entry?.getAll('TWICE').map(String)).toEqual(['1', '2']);
  });
});

describe('matches as one group', () => {
  const build = (...steps: ([string, string] | 'or' | 'and')[]): MatchGroups => {
    const matches = new MatchGroups();
    for (const step of steps) {
      if (typeof step === 'string') matches[step]();
      else matches.add({ field: step[0], value: Buffer.from(step[1]) });
    }
    return matches;
  };

  test.each([
    [build(), []],
    [build('or', 'and', 'or'), []],
    [build(['A', '1'], ['B', '2']), ['A=1', 'B=2']],
    [build(['A', '1'], 'or', ['B', '2'], 'or'), ['A=1', '+', 'B=2']],
    [
      build(['A', '1'], 'or', ['B', '2'], 'and', ['C', '3'], 'or', ['D', '4']),
      ['A=1', 'C=3', '+', 'A=1', 'D=4', '+', 'B=2', 'C=3', '+', 'B=2', 'D=4'],
    ],
    [build(['A', '1'], ['A', '2'], 'and', ['A', '2'], ['A', '1'], ['B', '1']), ['A=1', 'A=2', 'B=1']],
  ])('%#', (matches, expected) => {
    expect(matchArguments(matches)).toEqual(expected);
  });

  test('what a command line cannot say is refused', () => {
    const matches = build(['A', '1'], 'and', ['A', '2']);
    expect(asOneGroup(matches.groups())).toBeUndefined();
    expect(() => matchArguments(matches)).toThrow(expect.objectContaining({ code: 'ENOTSUP' }));
    const many = Array.from({ length: 11 }, (_, group): ([string, string] | 'or' | 'and')[] => [
      'and',
      [`G${group}`, '1'],
      'or',
      [`H${group}`, '1'],
    ]);
    expect(asOneGroup(build(...many.flat()).groups())).toBeUndefined();
    expect(() => matchArguments(build(['A', 'x\0y']))).toThrow(expect.objectContaining({ code: 'ENOTSUP' }));
    const bytes = new MatchGroups();
    bytes.add({ field: 'A', value: Buffer.from([0xff]) });
    expect(() => matchArguments(bytes)).toThrow(expect.objectContaining({ code: 'ENOTSUP' }));
  });

  test('a copy is another one', () => {
    const matches = build(['A', '1']);
    const copy = matches.copy();
    matches.or();
    matches.add({ field: 'B', value: Buffer.from('2') });
    expect(matchArguments(copy)).toEqual(['A=1']);
  });
});

test('arguments of journalctl', () => {
  const source = {
    namespace: undefined,
    directory: undefined,
    files: undefined,
    scope: 'all',
    dataThreshold: 0,
  } as const;
  expect(sourceArguments({ ...source, files: ['/a[1]*'], scope: 'all' })).toEqual([String.raw`--file=/a\[1\]\*`]);
  expect(sourceArguments({ ...source, namespace: 'x', scope: 'user' })).toEqual(['--namespace=x', '--user']);
  expect(entryArguments(source, { type: 'time', usec: 1_000_001n }, 'backward')).toContain('--until=@1.000001');
  expect(entryArguments(source, { type: 'cursor', cursor: 's=1', includes: [] }, 'follow')).toEqual(
    expect.arrayContaining(['--follow', '--no-tail', '--cursor=s=1']),
  );
});
