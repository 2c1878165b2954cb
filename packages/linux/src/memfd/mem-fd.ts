import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

import { checkBoolean, checkInteger, checkOptions, SystemError, toBytes, withSystemErrors } from '@osx/errors';
import { Fd } from '@osx/fds';

import { openMemfd, type OpenedMemfd } from '../internal/open-memfd.ts';
import { addSeals } from './add-seals.ts';
import { getSeals } from './get-seals.ts';
import type { MemfdCreateOptions } from './memfd-create-options.ts';
import type { Seal } from './seal.ts';

/** Options of {@link MemFd.fromBytes}. */
export interface FromBytesOptions extends Pick<MemfdCreateOptions, 'exec'> {
  /** As of {@link memfdCreate}; default `data`. */
  name?: string | Buffer | undefined;
  /** Whether nobody can change it any more: seals `shrink`, `grow`, `write` and `seal`; default true. */
  seal?: boolean | undefined;
}

const FULLY: readonly Seal[] = ['shrink', 'grow', 'write', 'seal'];

/** No write of Node takes more at once. */
const MAX_CHUNK_BYTES = 2 ** 30;

/**
 * A file in memory without a path, owned by this object. Made by {@link memfdCreate} or {@link MemFd.fromBytes}.
 *
 * Beside `write`, `read` and `truncate` here, everything of `node:fs` that takes a number works with `fd`.
 *
 * **Platform** Linux 3.17. Works in Workers; the descriptor is closed when the Worker ends.
 *
 * **Gotchas** A descriptor that a child inherits shares the file position with ours: whatever moved it (`fs.writeSync`
 * without a position) has moved it for the child. `write` and `read` here never move it; `reopen` gives a descriptor
 * with a position of its own.
 *
 * @example
 * ```ts
 * import { MemFd } from '@osx/linux/memfd';
 *
 * using message = MemFd.fromBytes('a message of any length');
 * console.log(message.seals); // [ 'seal', 'shrink', 'grow', 'write' ]
 * try {
 *   message.write('changed');
 * } catch (error) {
 *   console.log((error as NodeJS.ErrnoException).code); // EPERM
 * }
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/memfd_create.2.html
 */
export class MemFd implements Disposable {
  readonly #fd: number;
  readonly #name: Buffer;
  #isClosed = false;

  /** @internal */
  constructor({ fd, name }: OpenedMemfd) {
    this.#fd = fd;
    this.#name = name;
  }

  /**
   * A memfd with this content, which nobody can change or cut any more: one message, to be handed over as a descriptor.
   *
   * **Gotchas** The journald of systemd 252 wants exactly these four: it refuses a memfd that has `exec` as well, be it from
   * `exec: false` or from `vm.memfd_noexec`.
   *
   * @param data What is in it.
   * @param options See {@link FromBytesOptions}.
   * @returns An owning, close-on-exec memfd, its position at the start; close it.
   * @throws {SystemError} as {@link memfdCreate}; ENOSPC, EFBIG from writing. Nothing stays open then.
   *
   * @example
   * ```ts
   * import { spawnSync } from 'node:child_process';
   * import { MemFd } from '@osx/linux/memfd';
   *
   * using message = MemFd.fromBytes('a long message', { seal: true });
   * const child = spawnSync('sh', ['-c', 'cat; /bin/echo more >&0 2>/dev/null || echo " is as it is"'], {
   *   stdio: [message.fd, 'pipe', 'inherit'],
   * });
   * console.log(child.stdout.toString()); // a long message is as it is
   * ```
   */
  static fromBytes(data: string | ArrayBufferView | ArrayBuffer, options?: FromBytesOptions): MemFd {
    const bytes = toBytes('data', data);
    const { name = 'data', seal = true, exec } = checkOptions('options', options);
    const sealable = checkBoolean('options.seal', seal);
    const memfd = new MemFd(openMemfd(name, { sealable, exec }));
    try {
      memfd.write(bytes);
      if (sealable) memfd.addSeals(FULLY);
      return memfd;
    } catch (error) {
      memfd.close();
      throw error;
    }
  }

  /**
   * The descriptor, to hand to a child (`stdio`) or to other calls; it stays ours to close.
   *
   * @throws {SystemError} EBADF (closed).
   */
  get fd(): number {
    return this.#open('memfd');
  }

  /** The same as `fd`: by this name `@osx/fds`, `getSeals` and others take the object itself. */
  get number(): number {
    return this.#open('memfd');
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The name it was created with; bytes that are not UTF-8 appear as U+FFFD. */
  get name(): string {
    return this.#name.toString();
  }

  /**
   * The path under which any process that may trace this one can open it while it is open here.
   *
   * @throws {SystemError} EBADF (closed).
   */
  get path(): string {
    return `/proc/${process.pid}/fd/${this.#open('memfd')}`;
  }

  /**
   * Bytes in it.
   *
   * @throws {SystemError} EBADF (closed).
   */
  get size(): number {
    return fstatSync(this.#open('fstat')).size;
  }

  /** As {@link getSeals}. */
  get seals(): Seal[] {
    return getSeals(this.#open('fcntl'));
  }

  /** As {@link addSeals}. */
  addSeals(seals: readonly Seal[]): void {
    addSeals(this.#open('fcntl'), seals);
  }

  /**
   * Writes everything at a position; the file grows as needed, and its own position stays where it is.
   *
   * @param data Text (UTF-8) or bytes.
   * @param position Default 0.
   * @throws {SystemError} EPERM: sealed against it (`write`, `future-write`, or `grow` behind the end). ENOSPC, EFBIG; EINVAL for huge
   * pages; EBADF (closed).
   */
  write(data: string | ArrayBufferView | ArrayBuffer, position = 0): void {
    const bytes = toBytes('data', data);
    let at = checkInteger('position', position, { min: 0 });
    const fd = this.#open('pwrite64');
    for (let done = 0; done < bytes.length;) {
      const length = Math.min(bytes.length - done, MAX_CHUNK_BYTES);
      const written = withSystemErrors(() => writeSync(fd, bytes, done, length, at));
      done += written;
      at += written;
    }
  }

  /**
   * Reads a part, or all that there is; the file's own position stays where it is.
   *
   * @param position Default 0.
   * @param options `sizeBytes`: at most so much; default: to the end.
   * @returns A new Buffer, shorter where the file ends.
   * @throws {SystemError} EBADF (closed).
   */
  read(position = 0, options?: { sizeBytes?: number | undefined }): Buffer {
    checkInteger('position', position, { min: 0 });
    const { sizeBytes } = checkOptions('options', options);
    if (sizeBytes !== undefined) checkInteger('options.sizeBytes', sizeBytes, { min: 0 });
    const fd = this.#open('pread64');
    const there = Math.max(0, this.size - position);
    const bytes = Buffer.alloc(Math.min(there, sizeBytes ?? there));
    let done = 0;
    while (done < bytes.length) {
      const length = Math.min(bytes.length - done, MAX_CHUNK_BYTES);
      const count = withSystemErrors(() => readSync(fd, bytes, done, length, position + done));
      if (count === 0) break;
      done += count;
    }
    return bytes.subarray(0, done);
  }

  /**
   * Sets the size (`ftruncate`): cuts, or adds zeros.
   *
   * @throws {SystemError} EPERM: sealed with `shrink` or `grow`. EINVAL: no multiple of the huge page. EBADF (closed).
   */
  truncate(sizeBytes: number): void {
    checkInteger('sizeBytes', sizeBytes, { min: 0 });
    const fd = this.#open('ftruncate');
    withSystemErrors(() => ftruncateSync(fd, sizeBytes));
  }

  /**
   * A second, independent opening of the same file: a position of its own, and for reading only unless told otherwise.
   *
   * **Gotchas** Reading only is a courtesy: who has the descriptor can open the file again for writing. Seals hold.
   *
   * @param options `writable`: for reading and writing.
   * @returns An owning, close-on-exec `Fd`; close it.
   * @throws {SystemError} EMFILE, ENFILE; EBADF (closed); ENOENT where `/proc` is not mounted.
   */
  reopen(options?: { writable?: boolean | undefined }): Fd {
    const { writable = false } = checkOptions('options', options);
    const mode = checkBoolean('options.writable', writable) ? constants.O_RDWR : constants.O_RDONLY;
    const fd = this.#open('open');
    return Fd.adopt(
      withSystemErrors(() => openSync(`/proc/self/fd/${fd}`, mode)),
      { origin: 'node' },
    );
  }

  /** Closes the descriptor; the file lives on where others have it. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #open(syscall: string): number {
    if (this.#isClosed) throw new SystemError({ code: 'EBADF', syscall, message: 'the memfd is closed' });
    return this.#fd;
  }
}
