import { closeSync, openSync } from 'node:fs';

import { SystemError } from '@osx/errors';
import { defineSyscall, linuxConstants, nonNegativeOrErrorRetryEintr } from '@osx/native-ffi';

// <dirent.h>
export const DT_UNKNOWN = 0;
export const DT_DIR = 4;

/** `struct linux_dirent64`: d_ino 8, d_off 8, d_reclen 2, d_type 1, d_name. */
const RECLEN_OFFSET = 16;
const TYPE_OFFSET = 18;
const NAME_OFFSET = 19;

const getdents64 = defineSyscall({
  number: 'SYS_getdents64',
  parameters: ['int', 'pointer', 'uint'],
  decode: nonNegativeOrErrorRetryEintr,
});

let buffer: Buffer | undefined;

/** Opens a directory itself, never through a symbolic link in the last component. */
export function openDirectory(path: string | Buffer): number {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = linuxConstants();
  return openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

/**
 * Calls `visit` with the byte string and type of every entry of an open directory, `.` and `..` left out. Not
 * `readdirSync`: that follows up an unknown type by a name that it has decoded.
 */
export function readDirectory(fd: number, visit: (name: string, type: number) => void): void {
  // Taken while in use: `visit` may come back here.
  const bytes = buffer ?? Buffer.allocUnsafeSlow(65_536);
  buffer = undefined;
  for (;;) {
    const count = getdents64(fd, bytes, bytes.length);
    if (count < 0) throw new SystemError({ errno: count, syscall: 'getdents64' });
    if (count === 0) break;
    visitEntries(bytes, count, visit);
  }
  buffer = bytes;
}

/**
 * Waits until a rename out of this directory that is going on is over: it holds the directory's lock until both of its
 * events are queued, and reading the directory takes that lock.
 */
export function waitForRename(path: string | Buffer): void {
  const fd = openDirectory(path);
  try {
    const bytes = Buffer.allocUnsafe(1024);
    const count = getdents64(fd, bytes, bytes.length);
    if (count < 0) throw new SystemError({ errno: count, syscall: 'getdents64' });
  } finally {
    closeSync(fd);
  }
}

function visitEntries(bytes: Buffer, count: number, visit: (name: string, type: number) => void): void {
  let offset = 0;
  while (offset < count) {
    const start = offset + NAME_OFFSET;
    let end = start;
    while (bytes[end] !== 0) end += 1;
    const name = bytes.toString('latin1', start, end);
    if (name !== '.' && name !== '..') visit(name, bytes[offset + TYPE_OFFSET] as number);
    offset += bytes.readUInt16LE(offset + RECLEN_OFFSET);
  }
}
