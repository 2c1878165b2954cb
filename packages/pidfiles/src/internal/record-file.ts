import { fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs';

import { SystemError, withSystemErrors } from '@osx/errors';

import type { PidfileRecord } from '../pidfile-record.ts';
import { MAX_RECORD_BYTES, parseRecord } from './record-text.ts';

export function readRecord(fd: number, path: string | Buffer): PidfileRecord | null {
  const buffer = Buffer.allocUnsafe(MAX_RECORD_BYTES + 1);
  const length = withSystemErrors(() => readSync(fd, buffer, 0, buffer.length, 0), path);
  return parseRecord(buffer.subarray(0, length), path);
}

/**
 * Puts a record in place of what the file holds. A reader sees the old one, or nothing, or the new one: never the
 * beginning of a pid, which would be another pid.
 */
export function writeRecord(fd: number, path: string | Buffer, text: string): void {
  emptyFile(fd, path);
  try {
    writeWhole(fd, path, Buffer.from(text));
  } catch (error) {
    emptyQuietly(fd, path);
    throw error;
  }
}

/** The first error is the one to tell. */
function emptyQuietly(fd: number, path: string | Buffer): void {
  try {
    emptyFile(fd, path);
  } catch {}
}

/** Leaves an empty file alone: ext4 writes a file that was truncated to the disk when it is closed (auto_da_alloc). */
export function emptyFile(fd: number, path: string | Buffer): void {
  withSystemErrors(() => {
    if (fstatSync(fd).size > 0) ftruncateSync(fd, 0);
  }, path);
}

/** In one call. A disk or quota that ends in the middle gives a short count first, and says why when asked for the rest. */
function writeWhole(fd: number, path: string | Buffer, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) {
    const count = withSystemErrors(() => writeSync(fd, bytes, written, bytes.length - written, written), path);
    if (count === 0) throw new SystemError({ code: 'ENOSPC', syscall: 'write', path });
    written += count;
  }
}
