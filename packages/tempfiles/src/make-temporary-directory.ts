import { runAsync, runSync } from './internal/calls.ts';
import { createDirectory } from './internal/create-directory.ts';
import { explainPlace } from './internal/explain-place.ts';
import { checkPlace } from './internal/place.ts';
import { TemporaryDirectory } from './temporary-directory.ts';
import type { TemporaryOptions } from './temporary-options.ts';

const PRIVATE = 0o700;

/**
 * Makes an empty directory with mode 0700 that nobody else has, and that is removed with its content when its owner is done, however
 * that comes about.
 *
 * Disposing removes it. So do, for what is left, the end of the process by `process.exit()`, by an error that nobody catches, and by
 * SIGHUP, SIGINT, SIGQUIT and SIGTERM where the program does not handle them; its own handlers stay in charge. After SIGKILL
 * or a power cut {@link sweepTemporaryFiles} removes it, by proof that the owner is gone.
 *
 * **Platform** Linux; elsewhere not run. Without native calls there is no lock: `systemd-tmpfiles` may then take files
 * that were not used for days, and names are longer, for they tell the owner.
 *
 * **Gotchas** It costs a descriptor. A Worker that is terminated leaves it, and so does one that is at work when the process ends:
 * the sweep takes both.
 *
 * @param options See {@link TemporaryOptions}.
 * @returns An owner; hold it with `await using` or `using`.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} ENOENT, ENOTDIR, EACCES, EROFS: of the directory that it is made in, and never of another one in its
 * place; ENOSPC, EMFILE. EEXIST when every name was taken.
 * @example
 * ```ts
 * import { existsSync, writeFileSync } from 'node:fs';
 * import { makeTemporaryDirectory } from '@osx/tempfiles';
 *
 * let path;
 * {
 *   await using directory = await makeTemporaryDirectory({ prefix: 'build-' });
 *   path = directory.path;
 *   writeFileSync(`${path}/notes.txt`, 'for a while');
 * }
 * console.log(existsSync(path)); // false
 * ```
 * @see https://man7.org/linux/man-pages/man3/mkdtemp.3.html
 * @see https://systemd.io/TEMPORARY_DIRECTORIES/
 */
export function makeTemporaryDirectory(options?: TemporaryOptions<string | URL>): Promise<TemporaryDirectory>;
export function makeTemporaryDirectory(options: TemporaryOptions<Uint8Array>): Promise<TemporaryDirectory<Buffer>>;
export function makeTemporaryDirectory(options?: TemporaryOptions): Promise<TemporaryDirectory<string | Buffer>>;
export async function makeTemporaryDirectory<Path extends string | Buffer>(
  options?: TemporaryOptions,
): Promise<TemporaryDirectory<Path>> {
  const place = checkPlace(options, PRIVATE);
  try {
    return new TemporaryDirectory<Path>(await runAsync(createDirectory(place)), place);
  } catch (error) {
    throw explainPlace(error, place);
  }
}

/** As {@link makeTemporaryDirectory}, blocking. */
export function makeTemporaryDirectorySync(options?: TemporaryOptions<string | URL>): TemporaryDirectory;
export function makeTemporaryDirectorySync(options: TemporaryOptions<Uint8Array>): TemporaryDirectory<Buffer>;
export function makeTemporaryDirectorySync(options?: TemporaryOptions): TemporaryDirectory<string | Buffer>;
export function makeTemporaryDirectorySync<Path extends string | Buffer>(
  options?: TemporaryOptions,
): TemporaryDirectory<Path> {
  const place = checkPlace(options, PRIVATE);
  try {
    return new TemporaryDirectory<Path>(runSync(createDirectory(place)), place);
  } catch (error) {
    throw explainPlace(error, place);
  }
}
