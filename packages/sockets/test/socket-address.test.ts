import { expect, test } from 'vitest';

import { autobindAddress, checkAddress, decodeAddress } from '../src/internal/socket-address.ts';

function encoded(address: unknown): string {
  return checkAddress('address', address).bytes.toString('hex');
}

test('a path is the family, its bytes and a NUL', () => {
  expect(encoded('/a')).toBe('01002f6100');
  expect(encoded(new URL('file:///a'))).toBe('01002f6100');
  expect(encoded(Buffer.from([0xff, 0x61]))).toBe('0100ff6100');
  expect(encoded('é')).toBe('0100c3a900');
});

test('an abstract name is a NUL and its exact bytes, without one at the end', () => {
  expect(encoded({ abstract: 'a' })).toBe('01000061');
  expect(encoded({ abstract: Buffer.from([0, 0xff, 0]) })).toBe('01000000ff00');
  expect(encoded({ abstract: '' })).toBe('010000');
  expect(autobindAddress().bytes.toString('hex')).toBe('0100');
});

test('107 bytes fit and 108 are refused, counted in bytes', () => {
  const refused = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE', message: expect.stringContaining('sun_path') };
  for (const make of [(name: string) => name, (abstract: string) => ({ abstract })]) {
    expect(checkAddress('address', make('x'.repeat(107))).bytes).toHaveLength(110);
    expect(() => checkAddress('address', make('x'.repeat(108)))).toThrow(expect.objectContaining(refused));
    expect(() => checkAddress('address', make('é'.repeat(54)))).toThrow(expect.objectContaining(refused));
  }
});

test.each<[unknown, string]>([
  ['', 'ERR_INVALID_ARG_VALUE'],
  ['a\0b', 'ERR_INVALID_ARG_VALUE'],
  [1, 'ERR_INVALID_ARG_TYPE'],
  [null, 'ERR_INVALID_ARG_TYPE'],
  [{}, 'ERR_INVALID_ARG_TYPE'],
  [{ abstract: 1 }, 'ERR_INVALID_ARG_TYPE'],
  [{ abstract: undefined }, 'ERR_INVALID_ARG_TYPE'],
  [new URL('http://host/a'), 'ERR_INVALID_ARG_VALUE'],
])('%j is no address', (address, code) => {
  expect(() => checkAddress('address', address)).toThrow(expect.objectContaining({ code }));
});

test('what the kernel writes is read back: text where it is UTF-8, else bytes', () => {
  const back = (address: unknown) => decodeAddress(checkAddress('address', address).bytes);
  expect(back('/run/é')).toBe('/run/é');
  expect(back(Buffer.from([0xff]))).toEqual(Buffer.from([0xff]));
  expect(back({ abstract: 'a\0b\0' })).toEqual({ abstract: 'a\0b\0' });
  expect(back({ abstract: Buffer.from([0xff, 0]) })).toEqual({ abstract: Buffer.from([0xff, 0]) });
  expect(decodeAddress(Buffer.from([1, 0]))).toBeNull();
  expect(decodeAddress(Buffer.alloc(0))).toBeNull();
  // A path of 108 bytes, as other programs may bind, has no NUL.
  expect(decodeAddress(Buffer.concat([Buffer.from([1, 0]), Buffer.alloc(108, 'x')]))).toBe('x'.repeat(108));
});

test('errors name an abstract address with an @', () => {
  expect(checkAddress('address', { abstract: 'a' }).path.toString()).toBe('@a');
});
