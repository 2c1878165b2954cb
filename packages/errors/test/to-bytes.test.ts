import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { toBytes } from '../src/index.ts';
import { hostileValues, refusal } from './hostile-values.ts';

const bytesOf = (data: unknown, encoding?: string): number[] => [
  ...toBytes('data', data as string, encoding as BufferEncoding),
];

function transferred<T extends { buffer: ArrayBufferLike }>(view: T): T {
  structuredClone(view.buffer, { transfer: [view.buffer as ArrayBuffer] });
  return view;
}

describe('gives the bytes of', () => {
  test.each<[string, unknown, string | undefined, number[]]>([
    ['an empty string', '', undefined, []],
    ['text, as UTF-8', 'é', undefined, [0xc3, 0xa9]],
    ['text, as latin1', 'é', 'latin1', [0xe9]],
    ['hexadecimal', 'ff00', 'hex', [255, 0]],
    ['a lone surrogate', '\ud800', undefined, [0xef, 0xbf, 0xbd]],
    ['a Buffer', Buffer.from('ab'), undefined, [97, 98]],
    ['an empty Buffer', Buffer.alloc(0), undefined, []],
    ['a Uint8Array of length 0 over a buffer', new Uint8Array(new ArrayBuffer(8), 8), undefined, []],
    ['wider elements, byte by byte', new Uint16Array(new Uint8Array([1, 2, 3, 4]).buffer), undefined, [1, 2, 3, 4]],
    ['a part', new Uint8Array([1, 2, 3, 4]).subarray(1, 3), undefined, [2, 3]],
    ['a DataView', new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 2, 1), undefined, [3]],
    ['an ArrayBuffer', new Uint8Array([1, 2]).buffer, undefined, [1, 2]],
    ['an ArrayBuffer of another realm', runInNewContext('new Uint8Array([1, 2]).buffer'), undefined, [1, 2]],
    ['a view of another realm', runInNewContext('new Uint8Array([1, 2])'), undefined, [1, 2]],
    ['a view of shared memory', new Uint8Array(new SharedArrayBuffer(2)), undefined, [0, 0]],
    ['64-bit elements', new BigUint64Array([1n]), undefined, [1, 0, 0, 0, 0, 0, 0, 0]],
  ])('%s', (_, data, encoding, expected) => expect(bytesOf(data, encoding)).toEqual(expected));

  test('the same memory, not a copy', () => {
    const words = new Uint16Array(2);
    const bytes = toBytes('data', words);
    words[0] = 0x0101;
    expect([...bytes]).toEqual([1, 1, 0, 0]);
  });
});

describe('refuses', () => {
  test.each([
    ['a Uint8Array', () => transferred(new Uint8Array(8))],
    ['an empty Uint8Array', () => transferred(new Uint8Array(0))],
    ['a Float64Array', () => transferred(new Float64Array(2))],
    ['a DataView', () => transferred(new DataView(new ArrayBuffer(8)))],
  ])('%s whose buffer was transferred away, which would write an empty file', (_, make) => {
    expect(refusal(() => bytesOf(make()))).toMatch(
      'TypeError ERR_INVALID_ARG_VALUE: The "data" argument must be a view whose buffer is not detached. Received ',
    );
  });

  test('an ArrayBuffer that was transferred away', () => {
    const { buffer } = transferred(new Uint8Array(8));
    expect(refusal(() => bytesOf(buffer))).toBe(
      'TypeError ERR_INVALID_ARG_VALUE: The "data" argument must be an ArrayBuffer that is not detached. Received an instance of ArrayBuffer',
    );
  });

  test.each([
    ['a Uint8Array', (buffer: ArrayBuffer) => new Uint8Array(buffer, 4, 4)],
    ['a DataView', (buffer: ArrayBuffer) => new DataView(buffer, 4, 4)],
  ])('%s that its buffer no longer reaches', (_, make) => {
    const buffer = new ArrayBuffer(8, { maxByteLength: 16 });
    const view = make(buffer);
    buffer.resize(2);
    expect(refusal(() => bytesOf(view))).toMatch('TypeError ERR_INVALID_ARG_VALUE');
  });

  test.each(['utf-9', '', 'toString', 5, null])('the encoding %o', (encoding) => {
    expect(refusal(() => bytesOf('x', encoding as string))).toMatch(
      'TypeError ERR_INVALID_ARG_VALUE: The "encoding" argument must be a known encoding. Received ',
    );
  });

  test.each([
    ...hostileValues.filter(([name]) => name !== 'a detached view'),
    ['a bare SharedArrayBuffer', new SharedArrayBuffer(1)] as const,
    ['a Proxy of a Uint8Array', new Proxy(new Uint8Array(1), {})] as const,
  ])('%s', (_, data) => {
    expect(refusal(() => bytesOf(data))).toMatch(
      'TypeError ERR_INVALID_ARG_TYPE: The "data" argument must be of type string or an instance of Buffer, TypedArray, DataView or ArrayBuffer. Received ',
    );
  });
});
