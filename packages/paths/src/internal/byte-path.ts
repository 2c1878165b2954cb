import { realpathSync } from 'node:fs';

import { SystemError, type PathLike } from '@osx/errors';

// Inside, paths are "byte strings": one character per byte (latin1). They are exact whatever the bytes are, and have
// the methods of strings; on the way in and out they become what the caller uses.

/** Buffer in, Buffer out; text in, text out. */
export type PathOf<Path extends PathLike> = Path extends Uint8Array ? Buffer : string;

export function toByteString(path: string | Uint8Array): string {
  const bytes = typeof path === 'string' ? Buffer.from(path) : path;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

export function toBuffer(bytes: string): Buffer {
  return Buffer.from(bytes, 'latin1');
}

/**
 * The path in the form of the caller's own.
 *
 * @throws {SystemError} `EILSEQ` when it shall be text and is not UTF-8: as text it would name another file.
 */
export function inFormOf(asked: string | Buffer, bytes: string, syscall: string): string | Buffer {
  const buffer = toBuffer(bytes);
  if (typeof asked !== 'string') return buffer;
  const text = buffer.toString('utf8');
  if (Buffer.from(text).equals(buffer)) return text;
  const message = 'the name is not UTF-8; give the path as a Buffer to get one';
  throw new SystemError({ code: 'EILSEQ', syscall, path: buffer, message });
}

/** The same path from the root of the file system, `..` and `.` still in it. */
export function absolute(bytes: string): string {
  if (bytes.startsWith('/')) return bytes;
  // process.cwd() would lose bytes that are not UTF-8.
  return `${realpathSync.native('.', { encoding: 'buffer' }).toString('latin1')}/${bytes}`;
}

/** The names of a path, with `.` and empty ones left out and each `..` taken off the name before it. */
export function lexicalNames(bytes: string): string[] {
  const names: string[] = [];
  for (const name of bytes.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.length > 0 && names.at(-1) !== '..') names.pop();
    else if (!bytes.startsWith('/')) names.push('..');
  }
  return names;
}
