import { describe, expect, test } from 'vitest';
import { LineSplitter } from '../src/internal/loggers/line-splitter.ts';

const TEXT = 'one\n\ntwo ü€😀\n{"a":"b\\nc"}\n\nlast without an end';
const LINES = ['one', 'two ü€😀', '{"a":"b\\nc"}', 'last without an end'];

describe('lines are the same however they are cut', () => {
  const bytes = Buffer.from(TEXT);

  test('bytes, at every place', () => {
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(linesOf([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(LINES);
    }
  });

  test('bytes, one by one', () => {
    expect(linesOf([...bytes].map((byte) => Buffer.of(byte)))).toEqual(LINES);
  });

  test('text, at every place between characters', () => {
    const characters = Array.from(TEXT);
    for (let at = 0; at <= characters.length; at += 1) {
      expect(linesOf([characters.slice(0, at).join(''), characters.slice(at).join('')])).toEqual(LINES);
    }
  });

  test('text and bytes in one line', () => {
    expect(linesOf(['a', Buffer.from('b'), 'c\n', Buffer.from('d'), 'e'])).toEqual(['abc', 'de']);
  });
});

test('bytes that are no UTF-8 stay what they are', () => {
  const splitter = new LineSplitter();
  expect(splitter.push(Buffer.from([0xff, 0x00]))).toEqual([]);
  expect(splitter.push(Buffer.from([0xc3, 0x0a]))).toEqual([Buffer.from([0xff, 0x00, 0xc3])]);
});

test('the rest of a chunk does not change with the memory of who wrote it', () => {
  const splitter = new LineSplitter();
  const chunk = Buffer.from('rest');
  splitter.push(chunk);
  chunk.fill(0);
  expect(String(splitter.end()[0])).toBe('rest');
});

test('a long line in many pieces takes no time that grows with its square', () => {
  const splitter = new LineSplitter();
  for (let count = 0; count < 200_000; count += 1) splitter.push('0123456789');
  expect(splitter.end()[0]?.length).toBe(2_000_000);
  expect(splitter.end()).toEqual([]);
});

function linesOf(chunks: readonly (string | Buffer)[]): string[] {
  const splitter = new LineSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()].map(String);
}
