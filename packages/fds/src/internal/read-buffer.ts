import { invalidArgType, outOfRange, toBytes } from '@osx/errors';

/** The bytes to read into: at least one, or 0 could not mean the end of file. */
export function checkReadBuffer(buffer: NodeJS.ArrayBufferView): Uint8Array {
  if (!ArrayBuffer.isView(buffer)) {
    throw invalidArgType('buffer', 'an instance of Buffer, TypedArray or DataView', buffer);
  }
  const bytes = toBytes('buffer', buffer);
  if (bytes.byteLength === 0) throw outOfRange('buffer.byteLength', '>= 1', 0);
  return bytes;
}
