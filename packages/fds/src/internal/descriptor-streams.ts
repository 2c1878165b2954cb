import { Readable, Writable } from 'node:stream';

import type { Fd } from '../fd.ts';

/** Reads a pipe, terminal, socket or device in the event loop. */
export class DescriptorReadable extends Readable {
  readonly #fd: Fd;
  readonly #buffer: Buffer;

  constructor(fd: Fd, highWaterMark: number) {
    super({ highWaterMark });
    this.#fd = fd;
    this.#buffer = Buffer.allocUnsafeSlow(highWaterMark);
  }

  override _read(): void {
    this.#fd.read(this.#buffer).then(
      (count) => this.push(count === 0 ? null : Buffer.from(this.#buffer.subarray(0, count))),
      (error: unknown) => this.destroy(error as Error),
    );
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    closeThen(this.#fd, error, callback);
  }
}

/** Writes a pipe, terminal, socket or device in the event loop. */
export class DescriptorWritable extends Writable {
  readonly #fd: Fd;

  constructor(fd: Fd, highWaterMark: number) {
    super({ highWaterMark });
    this.#fd = fd;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#fd.writeAll(chunk).then(() => callback(), callback);
  }

  override _writev(chunks: { chunk: Buffer }[], callback: (error?: Error | null) => void): void {
    const all = Buffer.concat(chunks.map(({ chunk }) => chunk));
    this.#fd.writeAll(all).then(() => callback(), callback);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    closeThen(this.#fd, error, callback);
  }
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
