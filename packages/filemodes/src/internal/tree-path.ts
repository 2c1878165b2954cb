import { isUtf8 } from 'node:buffer';

import type { TreePath } from './tree-calls.ts';

const ASCII = /^[\0-\x7f]*$/;

/** A byte string as the kernel is to get it: text that is its own UTF-8, or bytes. */
export function kernelPath(byteString: string): TreePath {
  return ASCII.test(byteString) ? byteString : Buffer.from(byteString, 'latin1');
}

/** The byte string of a path. */
export function byteStringOf(path: string | Buffer): string {
  return (typeof path === 'string' ? Buffer.from(path) : path).toString('latin1');
}

/** A byte string as the caller is to get it: text if it is UTF-8, or bytes. */
export function shownPath(byteString: string): string | Buffer {
  if (ASCII.test(byteString)) return byteString;
  const bytes = Buffer.from(byteString, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes;
}

/** What the descriptor is open on, whatever its name is by now. */
export function descriptorPath(fd: number): string {
  return `/proc/self/fd/${fd}`;
}
