import { checkInteger, checkOptions, type PathLike } from '@osx/errors';

import { checkPlace } from './internal/place.ts';
import { SpooledFile } from './spooled-file.ts';

/** Options of {@link openSpooledFile}. */
export interface SpooledFileOptions {
  /** So many bytes stay in the program's memory; default 1 MiB. `Infinity`: all of them. */
  readonly maxMemoryBytes?: number | undefined;
  /** So many stay in a memfd; default 64 MiB. `0`: none, from memory they go to the disk. `Infinity`: all of them. */
  readonly maxMemfdBytes?: number | undefined;
  /** Where the disk is; default as for {@link openTemporaryFile}. Looked at when the file gets there. */
  readonly directory?: PathLike | undefined;
}

const MIB = 2 ** 20;

/**
 * Opens an empty file that costs no system call while it is small.
 *
 * Up to `maxMemoryBytes` it is a buffer. Beyond that it is a memfd: memory of the kernel's, outside of the heap, that can be swapped and that
 * counts to the process's cgroup, with a descriptor that can be handed to a child. Beyond `maxMemfdBytes`, and where
 * there are no memfds, it is a file without a name on disk. It moves on when it has to, and never back; a
 * move that fails changes nothing. No stage leaves anything behind, however the process ends.
 *
 * **Platform** memfds: Linux 3.17, with the optional package `@osx/linux`.
 *
 * @param options See {@link SpooledFileOptions}.
 * @returns An owner; hold it with `await using`.
 * @throws {TypeError|RangeError} on a bad argument.
 * @example
 * ```ts
 * import { openSpooledFile } from '@osx/tempfiles';
 *
 * await using upload = openSpooledFile({ maxMemoryBytes: 1000 });
 * await upload.write('x'.repeat(800));
 * console.log(upload.stage); // memory
 * await upload.write('x'.repeat(800));
 * console.log(upload.stage, upload.sizeBytes); // memfd 1600
 * ```
 * @see https://man7.org/linux/man-pages/man2/memfd_create.2.html
 */
export function openSpooledFile(options?: SpooledFileOptions): SpooledFile {
  const checked = checkOptions('options', options) as SpooledFileOptions;
  const limits = {
    memory: checkLimit('options.maxMemoryBytes', checked.maxMemoryBytes ?? MIB),
    memfd: checkLimit('options.maxMemfdBytes', checked.maxMemfdBytes ?? 64 * MIB),
  };
  return new SpooledFile(checkPlace({ directory: checked.directory }, 0o600), limits);
}

function checkLimit(name: string, value: number): number {
  return value === Infinity ? value : checkInteger(name, value, { min: 0 });
}
