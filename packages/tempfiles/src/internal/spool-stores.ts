import fs from 'node:fs';

import { isUnsupportedError } from '@osx/errors';
import { isNativeAvailable } from '@osx/native-ffi';

import { selectBackend, type MemfdBackend } from '../select-backend.ts';
import { runAsync } from './calls.ts';
import { createFile } from './create-file.ts';
import type { Place } from './place.ts';

/** Where the bytes of a spooled file are. Positions and sizes are whole and in bounds. */
export interface Store {
  readonly stage: 'memory' | 'memfd' | 'disk';
  readonly fd: number | null;
  /** Fewer bytes only at the end of the file. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /** All of it. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  close(): Promise<void>;
}

const FIRST_BYTES = 4096;

export class MemoryStore implements Store {
  readonly stage = 'memory';
  readonly fd = null;
  #bytes = Buffer.alloc(0);
  #size = 0;

  read(buffer: Uint8Array, position: number): Promise<number> {
    const found = this.#bytes.subarray(position, Math.min(this.#size, position + buffer.byteLength));
    buffer.set(found);
    return Promise.resolve(found.byteLength);
  }

  write(bytes: Uint8Array, position: number): Promise<void> {
    this.#reserve(position + bytes.byteLength);
    this.#bytes.set(bytes, position);
    this.#size = Math.max(this.#size, position + bytes.byteLength);
    return Promise.resolve();
  }

  truncate(sizeBytes: number): Promise<void> {
    this.#reserve(sizeBytes);
    // What is cut off must not come back when it grows again.
    if (sizeBytes < this.#size) this.#bytes.fill(0, sizeBytes, this.#size);
    this.#size = sizeBytes;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#bytes = Buffer.alloc(0);
    this.#size = 0;
    return Promise.resolve();
  }

  #reserve(sizeBytes: number): void {
    if (sizeBytes <= this.#bytes.byteLength) return;
    const grown = Buffer.alloc(Math.max(FIRST_BYTES, sizeBytes, this.#bytes.byteLength * 2));
    this.#bytes.copy(grown);
    this.#bytes = grown;
  }
}

/** read(2) and write(2) take less than 2 GiB at once. */
const MAX_CHUNK_BYTES = 2 ** 30;

/** An open file; the calls are made by the thread pool. */
class DescriptorStore implements Store {
  readonly stage: 'memfd' | 'disk';
  readonly fd: number;
  readonly #close: () => Promise<void>;

  constructor(stage: 'memfd' | 'disk', fd: number, close: () => Promise<void>) {
    this.stage = stage;
    this.fd = fd;
    this.#close = close;
  }

  read(buffer: Uint8Array, position: number): Promise<number> {
    return this.#move(buffer, position, (...move) => fs.read(this.fd, ...move));
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    await this.#move(bytes, position, (...move) => fs.write(this.fd, ...move));
  }

  truncate(sizeBytes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.ftruncate(this.fd, sizeBytes, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  close(): Promise<void> {
    return this.#close();
  }

  async #move(
    bytes: Uint8Array,
    position: number,
    call: (
      bytes: Uint8Array,
      offset: number,
      length: number,
      position: number,
      callback: (error: NodeJS.ErrnoException | null, count: number) => void,
    ) => void,
  ): Promise<number> {
    let done = 0;
    while (done < bytes.byteLength) {
      const length = Math.min(bytes.byteLength - done, MAX_CHUNK_BYTES);
      const count = await new Promise<number>((resolve, reject) => {
        call(bytes, done, length, position + done, (error, moved) => (error === null ? resolve(moved) : reject(error)));
      });
      if (count === 0) break;
      done += count;
    }
    return done;
  }
}

/** A file in the kernel's memory; undefined where there are none. */
export function openMemfdStore(): Store | undefined {
  const backend = isNativeAvailable() ? selectBackend() : undefined;
  if (backend === undefined) return undefined;
  try {
    const memfd = createMemfd(backend);
    return new DescriptorStore('memfd', memfd.fd, () => Promise.resolve(memfd.close()));
  } catch (error) {
    // No such call, or a filter that forbids it; all else (EMFILE, ENOMEM) is the caller's to know.
    if (isUnsupportedError(error) || ['ENOSYS', 'EPERM', 'EACCES'].includes((error as { code: string }).code)) {
      return undefined;
    }
    throw error;
  }
}

function createMemfd({ memfdCreate }: MemfdBackend): { fd: number; close(): void } {
  try {
    return memfdCreate('osx-spooled', { exec: false });
  } catch (error) {
    if (!isUnsupportedError(error)) throw error;
    return memfdCreate('osx-spooled');
  }
}

/** A file without a name on a disk, as far as the file system has such. */
export async function openDiskStore(place: Place): Promise<Store> {
  const owned = await runAsync(createFile(place, 'open'));
  return new DescriptorStore('disk', owned.fd, () => runAsync(owned.close()));
}
