import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { checkPath } from '../src/index.ts';
import { caught, hostileValues, refusal } from './hostile-values.ts';

const value = (expected: string): string =>
  `TypeError ERR_INVALID_ARG_VALUE: The "path" argument must be ${expected}. Received `;

describe('gives back', () => {
  test.each(['/x', '.', ' ', 'a\nb', '/é', '\u{1f600}', '%00', 'file:///x'])('the string %j as it is', (path) =>
    expect(checkPath('path', path)).toBe(path),
  );

  test.each([
    ['file:///tmp/a%20b', '/tmp/a b'],
    ['file://localhost/x', '/x'],
    ['file:///x?query#hash', '/x'],
    ['file:///%C3%A9', '/é'],
    ['file:///a/../b', '/b'],
  ])('the URL %s as text', (url, path) => expect(checkPath('path', new URL(url))).toBe(path));

  test('a URL of another realm or library, by its parts', () => {
    expect(checkPath('path', { href: 'file:///x', protocol: 'file:' })).toBe('/x');
  });

  test.each([
    ['a Buffer', Buffer.from('/\xff', 'latin1')],
    ['a Uint8Array', new Uint8Array([0x2f, 0xff])],
    ['a part of a buffer', new Uint8Array([0, 0x2f, 0xff, 0]).subarray(1, 3)],
    ['a Uint8Array of another realm', runInNewContext('new Uint8Array([0x2f, 0xff])') as Uint8Array],
    ['a view of shared memory', sharedBytes([0x2f, 0xff])],
  ])('%s as a Buffer of its own', (_, bytes) => {
    const path = checkPath('path', bytes);
    expect(path).toEqual(Buffer.from([0x2f, 0xff]));
    expect(Buffer.isBuffer(path)).toBe(true);
    bytes[0] = 0;
    expect(path[0]).toBe(0x2f);
  });
});

describe('refuses', () => {
  test.each([
    ['an empty string', '', "a path that is not empty. Received ''"],
    ['an empty Buffer', Buffer.alloc(0), 'a path that is not empty. Received an instance of Buffer'],
    ['a string with NUL', 'a\0b', String.raw`a path without null bytes. Received 'a\x00b'`],
    ['nothing but NUL', '\0', String.raw`a path without null bytes. Received '\x00'`],
    ['a Buffer with NUL', Buffer.from('/x\0'), 'a path without null bytes. Received an instance of Buffer'],
    ['shared bytes with NUL', sharedBytes([0x2f, 0]), 'a path without null bytes. Received an instance of Uint8Array'],
    ['a URL with %00', new URL('file:///a%00b'), 'a path without null bytes. Received an instance of URL'],
  ])('%s', (_, path, told) => {
    expect(refusal(() => checkPath('path', path))).toBe(
      `TypeError ERR_INVALID_ARG_VALUE: The "path" argument must be ${told}`,
    );
  });

  test.each(['file:///a%2Fb', 'file:///a%2fb', 'file://host/x', 'http://x/y', 'data:,x', 'file:///%', 'file:///%C3'])(
    'the URL %s, with what Node said of it',
    (url) => {
      const refused = caught(() => checkPath('path', new URL(url)));
      expect(refused).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
      expect(refused.message).toContain('must be a file: URL of this host without encoded slashes');
      expect(refused.cause).toBeInstanceOf(Error);
    },
  );

  test('a view whose buffer was transferred away', () => {
    const bytes = Buffer.from(new Uint8Array([0x2f, 0x78]).buffer);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    expect(refusal(() => checkPath('path', bytes))).toMatch(value('a view whose buffer is not detached'));
  });

  test('a view that its buffer no longer reaches', () => {
    const buffer = new ArrayBuffer(4, { maxByteLength: 8 });
    const bytes = new Uint8Array(buffer, 0, 4).fill(0x2f);
    buffer.resize(2);
    expect(refusal(() => checkPath('path', bytes))).toMatch(value('a view whose buffer is not detached'));
  });

  const wanted = 'The "path" argument must be of type string or an instance of Buffer, Uint8Array or URL. Received ';
  test.each(hostileValues.filter(([name]) => name !== 'a detached view'))('%s', (_, path) => {
    expect(refusal(() => checkPath('path', path))).toMatch(`TypeError ERR_INVALID_ARG_TYPE: ${wanted}`);
  });

  test.each([
    ['an ArrayBuffer', new ArrayBuffer(2)],
    ['a Uint16Array', new Uint16Array([0x2f])],
    ['a Uint8ClampedArray', new Uint8ClampedArray([0x2f])],
    ['a DataView', new DataView(new ArrayBuffer(2))],
    ['something with the auth of url.parse', { href: 'file:///x', protocol: 'file:', auth: null }],
    ['something with the path of url.parse', { href: 'file:///x', protocol: 'file:', path: '/x' }],
    ['something called Uint8Array', { [Symbol.toStringTag]: 'Uint8Array', length: 1, 0: 47 }],
    ['a Proxy of a Uint8Array', new Proxy(new Uint8Array([0x2f]), {})],
  ])('%s', (_, path) => {
    expect(refusal(() => checkPath('path', path))).toMatch(`TypeError ERR_INVALID_ARG_TYPE: ${wanted}`);
  });

  test('a URL that lies about its parts, without asking twice', () => {
    let asked = 0;
    const url = {
      protocol: 'file:',
      get href() {
        asked += 1;
        return asked === 1 ? 'http://x/' : 'file:///x';
      },
    };
    expect(caught(() => checkPath('path', url))).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    expect(asked).toBe(1);
  });
});

function sharedBytes(bytes: number[]): Uint8Array {
  const view = new Uint8Array(new SharedArrayBuffer(bytes.length));
  view.set(bytes);
  return view;
}
