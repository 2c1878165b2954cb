// Names and paths are bytes. Here they are "byte strings": one character per byte (latin1), exact whatever the bytes are,
// and as small and as fast in a Map as any string.

/** The text that UTF-8 bytes say; the same string when they are ASCII. What is not UTF-8 becomes U+FFFD. */
export function byteStringToText(bytes: string): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** For Node's fs, which would take a byte string for text. */
export function byteStringToPath(bytes: string): string | Buffer {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1');
}

export function toByteString(path: string | Uint8Array): string {
  if (typeof path !== 'string') return Buffer.from(path.buffer, path.byteOffset, path.length).toString('latin1');
  return isAscii(path) ? path : Buffer.from(path, 'utf8').toString('latin1');
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}
