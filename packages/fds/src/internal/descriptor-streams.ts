import type { Readable, Writable } from 'node:stream';

import type { Fd } from '../fd.ts';

/** Reads a pipe, terminal, socket or device in the event loop. */
export function descriptorReadable(fd: Fd, highWaterMark: number): Readable {
  const { Readable: Stream } = process.getBuiltinModule('node:stream');
  const buffer = Buffer.allocUnsafeSlow(highWaterMark);
  return new Stream({
    highWaterMark,
    read() {
      fd.read(buffer).then(
        (count) => this.push(count === 0 ? null : Buffer.from(buffer.subarray(0, count))),
        (error: unknown) => this.destroy(error as Error),
      );
    },
    destroy: (error, callback) => closeThen(fd, error, callback),
  });
}

/** Writes a pipe, terminal, socket or device in the event loop. */
export function descriptorWritable(fd: Fd, highWaterMark: number): Writable {
  const { Writable: Stream } = process.getBuiltinModule('node:stream');
  return new Stream({
    highWaterMark,
    write(chunk: Buffer, _encoding, callback) {
      fd.writeAll(chunk).then(() => callback(), callback);
    },
    writev(chunks: { chunk: Buffer }[], callback) {
      fd.writeAll(Buffer.concat(chunks.map(({ chunk }) => chunk))).then(() => callback(), callback);
    },
    destroy: (error, callback) => closeThen(fd, error, callback),
  });
}

/** Closes, and keeps the first error. */
export function closeThen(fd: Fd, error: Error | null, callback: (error: Error | null) => void): void {
  try {
    fd.close();
  } catch (closeError) {
    return callback(error ?? (closeError as Error));
  }
  callback(error);
}
