import type { Readable, Writable } from 'node:stream';

import {
  SystemError,
  checkInteger,
  checkOptions,
  toBytes,
  throwIfAborted,
  checkAbortSignal,
  asSystemError,
  type PathLike,
} from '@osx/errors';

import { explainPlace } from './internal/explain-place.ts';
import type { Place } from './internal/place.ts';
import { MemoryStore, openDiskStore, openMemfdStore, type Store } from './internal/spool-stores.ts';
import type { LinkOptions } from './link-options.ts';
import { openTemporaryFile } from './open-temporary-file.ts';

/** Options of {@link SpooledFile.write}. */
export interface SpooledWriteOptions {
  /** Default: at the end. What lies between the end and a later position reads as zeros. */
  readonly position?: number | undefined;
  /** Of strings; default UTF-8. */
  readonly encoding?: BufferEncoding | undefined;
  /** Gives up a call that has not begun. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link SpooledFile.saveTo}. */
export interface SaveOptions extends LinkOptions {
  /** Exact permission bits; default 0600. */
  readonly mode?: number | undefined;
}

const COPY_BYTES = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/**
 * A file that begins in the program's memory and moves on as it grows: to a memfd, then to a file without a name on disk.
 *
 * Calls are served one after the other, in their order.
 */
export class SpooledFile {
  readonly #place: Place;
  readonly #limits: { readonly memory: number; readonly memfd: number };
  #store: Store = new MemoryStore();
  #size = 0;
  #isClosed = false;
  #last: Promise<unknown> = Promise.resolve();

  /** @internal */
  constructor(place: Place, limits: { readonly memory: number; readonly memfd: number }) {
    this.#place = place;
    this.#limits = limits;
  }

  /** Where the bytes are. */
  get stage(): 'memory' | 'memfd' | 'disk' {
    return this.#store.stage;
  }

  /** Bytes in it, when all calls have ended. */
  get sizeBytes(): number {
    return this.#size;
  }

  /** The descriptor, lent; null while it is in memory: {@link toFd} moves it on. */
  get fd(): number | null {
    return this.#isClosed ? null : this.#store.fd;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Writes everything. Do not change the bytes before the end.
   *
   * @throws {TypeError|RangeError} on a bad argument, before anything is done.
   * @throws {SystemError} ENOSPC, EFBIG, EMFILE ...; what was there before is still there, and the size is what it was; bytes that were to be
   * overwritten may have been. Errors of the directory as {@link openTemporaryFile}. EBADF (closed).
   */
  async write(data: string | NodeJS.ArrayBufferView, options?: SpooledWriteOptions): Promise<void> {
    const { position, encoding, signal } = checkOptions('options', options) as SpooledWriteOptions;
    const bytes = toBytes('data', data, encoding);
    if (position !== undefined) checkInteger('options.position', position, { min: 0 });
    const abortSignal = checkAbortSignal('options.signal', signal);
    throwIfAborted(abortSignal);
    await this.#inTurn('write', async () => {
      throwIfAborted(abortSignal);
      const from = position ?? this.#size;
      const end = Math.max(this.#size, from + bytes.byteLength);
      if (bytes.byteLength === 0) return;
      await this.#moveOn(end);
      try {
        await this.#store.write(bytes, from);
        this.#size = end;
      } catch (error) {
        if (end > this.#size) await this.#store.truncate(this.#size).catch(() => {});
        throw error;
      }
    });
  }

  /**
   * Reads a part, or all that there is.
   *
   * @param options `position` (default 0) and `sizeBytes` (default: to the end).
   * @returns A new Buffer, shorter where the file ends.
   * @throws {SystemError} EBADF (closed); EIO.
   */
  async read(options?: { readonly position?: number; readonly sizeBytes?: number }): Promise<Buffer> {
    const { position = 0, sizeBytes } = checkOptions('options', options);
    checkInteger('options.position', position, { min: 0 });
    if (sizeBytes !== undefined) checkInteger('options.sizeBytes', sizeBytes, { min: 0 });
    return this.#inTurn('read', async () => {
      const there = Math.max(0, this.#size - position);
      const buffer = Buffer.alloc(Math.min(there, sizeBytes ?? there));
      return buffer.subarray(0, await this.#store.read(buffer, position));
    });
  }

  /**
   * Sets the size: cuts, or adds zeros.
   *
   * @throws {SystemError} as {@link write}.
   */
  async truncate(sizeBytes = 0): Promise<void> {
    checkInteger('sizeBytes', sizeBytes, { min: 0 });
    await this.#inTurn('ftruncate', async () => {
      await this.#moveOn(sizeBytes);
      await this.#store.truncate(sizeBytes);
      this.#size = sizeBytes;
    });
  }

  /**
   * Takes the file out of the program's memory, for a child or a call that wants a descriptor. Its own position is at the beginning.
   *
   * @returns The number, lent. It stays open here, and the file may still move from the memfd to the disk as it grows: do not write to it here
   * while another has it.
   */
  async toFd(): Promise<number> {
    return this.#inTurn('memfd_create', async () => {
      if (this.#store.fd === null) await this.#moveTo(this.#limits.memfd === 0 ? 'disk' : 'memfd');
      return this.#store.fd as number;
    });
  }

  /**
   * Copies what is there to a file, whose name appears when it is whole. The spooled file stays as it is.
   *
   * @param options See {@link LinkOptions} and {@link SaveOptions}.
   * @throws {SystemError} as {@link openTemporaryFile} and {@link TemporaryFile.linkTo}.
   */
  async saveTo(path: PathLike, options?: SaveOptions): Promise<void> {
    const { mode, ...link } = checkOptions('options', options) as SaveOptions;
    await this.#inTurn('write', async () => {
      const file = await openTemporaryFile({ beside: path, ...(mode !== undefined && { mode }) });
      try {
        await copy(this.#store, this.#size, (bytes, position) => writeAll(file.handle, bytes, position));
        await file.linkTo(path, link);
      } finally {
        await file.close();
      }
    });
  }

  /** What is there, from the beginning, chunk by chunk. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    for (let position = 0; ;) {
      const chunk = await this.read({ position, sizeBytes: CHUNK_BYTES });
      if (chunk.byteLength === 0) return;
      yield chunk;
      position += chunk.byteLength;
    }
  }

  /** A Node stream of what is there, from the beginning. Its end leaves the file open. */
  toReadable(): Readable {
    return process.getBuiltinModule('node:stream').Readable.from(this, { objectMode: false });
  }

  /** A Node stream that appends. Its end leaves the file open. */
  toWritable(): Writable {
    const { Writable } = process.getBuiltinModule('node:stream');
    return new Writable({
      write: (chunk: Buffer, _encoding, callback) => void this.write(chunk).then(() => callback(), callback),
    });
  }

  /** Ends the file. The second call does nothing. */
  async close(): Promise<void> {
    const close = async (): Promise<void> => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      this.#size = 0;
      await this.#store.close();
    };
    this.#last = this.#last.then(close, close);
    await this.#last;
  }

  /** As {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #inTurn<T>(syscall: string, work: () => Promise<T>): Promise<T> {
    const turn = async (): Promise<T> => {
      if (this.#isClosed) throw new SystemError({ code: 'EBADF', syscall, message: 'the spooled file is closed' });
      try {
        return await work();
      } catch (error) {
        throw asSystemError(error);
      }
    };
    const result = this.#last.then(turn, turn);
    this.#last = result.catch(() => {});
    return result;
  }

  /** To where so many bytes belong; never back. */
  async #moveOn(sizeBytes: number): Promise<void> {
    if (sizeBytes > this.#limits.memory && this.stage === 'memory') {
      await this.#moveTo(sizeBytes > this.#limits.memfd ? 'disk' : 'memfd');
    }
    if (sizeBytes > this.#limits.memfd && this.stage === 'memfd') await this.#moveTo('disk');
  }

  async #moveTo(stage: 'memfd' | 'disk'): Promise<void> {
    const next = (stage === 'memfd' ? openMemfdStore() : undefined) ?? (await this.#openDisk());
    try {
      await copy(this.#store, this.#size, (bytes, position) => next.write(bytes, position));
    } catch (error) {
      await next.close().catch(() => {});
      throw error;
    }
    const former = this.#store;
    this.#store = next;
    await former.close();
  }

  async #openDisk(): Promise<Store> {
    try {
      return await openDiskStore(this.#place);
    } catch (error) {
      throw explainPlace(error, this.#place);
    }
  }
}

async function copy(
  from: Store,
  sizeBytes: number,
  write: (bytes: Uint8Array, position: number) => Promise<void>,
): Promise<void> {
  const buffer = Buffer.alloc(Math.min(sizeBytes, COPY_BYTES));
  for (let position = 0; position < sizeBytes;) {
    const count = await from.read(buffer.subarray(0, Math.min(buffer.byteLength, sizeBytes - position)), position);
    if (count === 0) return;
    await write(buffer.subarray(0, count), position);
    position += count;
  }
}

async function writeAll(
  handle: {
    write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesWritten: number }>;
  },
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  for (let done = 0; done < bytes.byteLength;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done, position + done);
    done += bytesWritten;
  }
}
