import type { PathLike } from '@osx/errors';

import { checkPair } from './internal/check-pair.ts';
import { explain } from './internal/explain.ts';
import type { FilePath } from './internal/file-path.ts';
import { runAsync, runSync, type Protocol } from './internal/protocol.ts';
import { syncNames } from './internal/sync-names.ts';
import type { RenameOptions } from './rename-options.ts';
import { needBackend } from './select-backend.ts';

/**
 * Makes two paths change places in one step: nobody ever finds either of them missing. Files, directories that are not
 * empty, symlinks (themselves), in any mixture.
 *
 * **Platform**: Linux 3.15 with `@osx/linux` installed, on a file system with RENAME_EXCHANGE (ext4, XFS, btrfs, tmpfs).
 *
 * @param a An existing path.
 * @param b Another one, on the same file system.
 * @throws {SystemError} ENOENT when either is missing, EXDEV, EACCES, EPERM; EINVAL where the file system cannot, or one
 * lies within the other. `ERR_OSX_NOT_DURABLE`: exchanged, but a directory's fsync failed.
 * @throws {UnsupportedError} ENOTSUP elsewhere: two renames would not be one step.
 *
 * @example
 * ```ts
 * import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
 * import { exchangePaths } from '@osx/atomics';
 *
 * mkdirSync('current');
 * mkdirSync('next');
 * writeFileSync('next/index.html', 'new');
 * await exchangePaths('current', 'next');
 * console.log(readdirSync('current')); // [ 'index.html' ]
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/rename.2.html
 */
export async function exchangePaths(a: PathLike, b: PathLike, options?: RenameOptions): Promise<void> {
  await runAsync(exchangeProtocol(a, b, options));
}

/** The blocking twin of {@link exchangePaths}. */
export function exchangePathsSync(a: PathLike, b: PathLike, options?: RenameOptions): void {
  runSync(exchangeProtocol(a, b, options));
}

function* exchangeProtocol(a: PathLike, b: PathLike, options: RenameOptions | undefined): Protocol<void> {
  const { source, dest, durable } = checkPair(['a', a], ['b', b], options);
  exchange(source, dest);
  if (durable) yield* syncNames(source, dest);
}

function exchange(source: FilePath, dest: FilePath): void {
  const backend = needBackend('exchanging two paths');
  try {
    backend.renameat2(source, dest, { exchange: true });
  } catch (error) {
    throw explain(error, source, dest);
  }
}
