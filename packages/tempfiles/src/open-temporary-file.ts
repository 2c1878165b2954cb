import { checkBoolean, type PathLike } from '@osx/errors';

import { runAsync, runSync, type Steps } from './internal/calls.ts';
import { createFile, createNamedFile, type OpenCall } from './internal/create-file.ts';
import { explainPlace } from './internal/explain-place.ts';
import type { OwnedFile } from './internal/owned-file.ts';
import { checkPlace, type Place } from './internal/place.ts';
import { TemporaryFd } from './temporary-fd.ts';
import { TemporaryFile } from './temporary-file.ts';
import type { TemporaryOptions } from './temporary-options.ts';

/** Options of {@link openTemporaryFile}. */
export interface TemporaryFileOptions<Path extends PathLike = PathLike> extends TemporaryOptions<Path> {
  /** Give it a name from the start, for programs that want a path. Default `false`. */
  readonly named?: boolean | undefined;
}

const PRIVATE = 0o600;

/**
 * Opens an empty file with mode 0600 that is gone when it is closed, and when its process ends, however that comes about.
 *
 * It has no name (`O_TMPFILE`): nobody else can open it, and there is nothing to clean up, not even after SIGKILL or a power cut. It
 * can be given a name once it is whole: {@link TemporaryFile.linkTo}. Where a file system has no such files (EOPNOTSUPP, EISDIR, ENOENT) it gets a
 * temporary name; with `named` it does anyhow. What is said of the end of a {@link makeTemporaryDirectory | directory} then holds for it.
 *
 * **Platform** Linux 3.11 for files without a name; elsewhere not run. `systemd-tmpfiles` heeds the lock on a named file
 * since version 254; for older ones put the file into a temporary directory.
 *
 * @param options See {@link TemporaryFileOptions}.
 * @returns An owner; hold it with `await using`.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} as {@link makeTemporaryDirectory}.
 * @example
 * ```ts
 * import { openTemporaryFile } from '@osx/tempfiles';
 *
 * await using file = await openTemporaryFile();
 * await file.handle.write('scratch');
 * console.log(file.path); // null
 * ```
 * @see https://man7.org/linux/man-pages/man2/open.2.html
 */
export function openTemporaryFile(options?: TemporaryFileOptions<string | URL>): Promise<TemporaryFile>;
export function openTemporaryFile(options: TemporaryFileOptions<Uint8Array>): Promise<TemporaryFile<Buffer>>;
export function openTemporaryFile(options?: TemporaryFileOptions): Promise<TemporaryFile<string | Buffer>>;
export async function openTemporaryFile<Path extends string | Buffer>(
  options?: TemporaryFileOptions,
): Promise<TemporaryFile<Path>> {
  const place = checkPlace(options, PRIVATE);
  const steps = create(place, options, 'openHandle');
  try {
    return new TemporaryFile<Path>(await runAsync(steps), place);
  } catch (error) {
    throw explainPlace(error, place);
  }
}

/** As {@link openTemporaryFile}, blocking, by a descriptor. */
export function openTemporaryFileSync(options?: TemporaryFileOptions<string | URL>): TemporaryFd;
export function openTemporaryFileSync(options: TemporaryFileOptions<Uint8Array>): TemporaryFd<Buffer>;
export function openTemporaryFileSync(options?: TemporaryFileOptions): TemporaryFd<string | Buffer>;
export function openTemporaryFileSync<Path extends string | Buffer>(options?: TemporaryFileOptions): TemporaryFd<Path> {
  const place = checkPlace(options, PRIVATE);
  const steps = create(place, options, 'open');
  try {
    return new TemporaryFd<Path>(runSync(steps), place);
  } catch (error) {
    throw explainPlace(error, place);
  }
}

function create(place: Place, options: TemporaryFileOptions | undefined, how: OpenCall): Steps<OwnedFile> {
  const isNamed = checkBoolean('options.named', options?.named ?? false);
  return isNamed ? createNamedFile(place, how) : createFile(place, how);
}
