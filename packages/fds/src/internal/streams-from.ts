import { createReadStream, createWriteStream, fstatSync, read, write } from 'node:fs';
import type { Readable, Writable } from 'node:stream';

import { checkInteger, checkOptions, withSystemErrors } from '@osx/errors';

import type { Fd } from '../fd.ts';
import { closeThen, descriptorReadable, descriptorWritable } from './descriptor-streams.ts';

export interface StreamOptions {
  /** Bytes that the stream buffers, and reads at once; 65,536 by default. */
  highWaterMark?: number | undefined;
}

const HIGH_WATER_MARK = 64 * 1024;

export function checkStreamOptions(options: StreamOptions): { highWaterMark: number } {
  const { highWaterMark = HIGH_WATER_MARK } = checkOptions('options', options) as StreamOptions;
  return { highWaterMark: checkInteger('options.highWaterMark', highWaterMark, { min: 1, max: 2 ** 30 }) };
}

/** A stream that owns `fd`: Node's own for a regular file, so that the pool and not this thread waits for the disk. */
export function readableFrom(fd: Fd, { highWaterMark }: { highWaterMark: number }): Readable {
  if (!isFile(fd)) return descriptorReadable(fd, highWaterMark);
  return createReadStream('', { fd: fd.number, highWaterMark, fs: { read, close: closerOf(fd) } });
}

export function writableFrom(fd: Fd, { highWaterMark }: { highWaterMark: number }): Writable {
  if (!isFile(fd)) return descriptorWritable(fd, highWaterMark);
  return createWriteStream('', { fd: fd.number, highWaterMark, fs: { write, close: closerOf(fd) } });
}

function isFile(fd: Fd): boolean {
  return withSystemErrors(() => fstatSync(fd.number).isFile());
}

function closerOf(fd: Fd) {
  return (_number: number, callback: (error?: Error | null) => void): void => closeThen(fd, null, callback);
}
