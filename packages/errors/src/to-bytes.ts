import { isOutOfBounds } from './internal/byte-view.ts';
import { invalidArgType } from './invalid-arg-type.ts';
import { invalidArgValue } from './invalid-arg-value.ts';

/**
 * The bytes of data to be written; a view or buffer is not copied, and counts by bytes, not by elements.
 *
 * **Gotchas**: a view whose ArrayBuffer was transferred away has length 0 and would write an empty file; it is refused.
 * Bytes on a SharedArrayBuffer may change while they are written.
 *
 * @param name The argument, or `options.something`.
 * @param data What the caller gave.
 * @param encoding Of a string; default: `utf8`, where lone surrogates become U+FFFD.
 * @throws `ERR_INVALID_ARG_TYPE` when it is none of these; `ERR_INVALID_ARG_VALUE` for an unknown encoding or a view or
 * ArrayBuffer that is detached.
 * @example
 * ```ts
 * import { toBytes } from '@osx/errors';
 *
 * console.log(toBytes('data', new Uint16Array([1, 2])).length, toBytes('data', 'é').length); // 4 2
 * ```
 */
export function toBytes(
  name: string,
  data: string | ArrayBufferView | ArrayBuffer,
  encoding: BufferEncoding = 'utf8',
): Uint8Array {
  if (typeof data === 'string') return encoded(data, encoding);
  if (ArrayBuffer.isView(data)) {
    if (isOutOfBounds(data)) throw invalidArgValue(name, 'a view whose buffer is not detached', data);
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  const detached = detachedState(data);
  if (detached === undefined) {
    throw invalidArgType(name, 'of type string or an instance of Buffer, TypedArray, DataView or ArrayBuffer', data);
  }
  if (detached) throw invalidArgValue(name, 'an ArrayBuffer that is not detached', data);
  return new Uint8Array(data);
}

function encoded(text: string, encoding: BufferEncoding): Uint8Array {
  if (!Buffer.isEncoding(encoding)) throw invalidArgValue('encoding', 'a known encoding', encoding);
  return Buffer.from(text, encoding);
}

/** Whether an ArrayBuffer of any realm is detached; `undefined` for what is no ArrayBuffer. */
function detachedState(value: unknown): boolean | undefined {
  const { get } = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'detached') as { get: () => boolean };
  try {
    return get.call(value);
  } catch {
    return undefined;
  }
}
