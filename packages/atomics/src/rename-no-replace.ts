import type { PathLike } from '@osx/errors';

import { checkPair } from './internal/check-pair.ts';
import { explain } from './internal/explain.ts';
import { runAsync, runSync, type Protocol } from './internal/protocol.ts';
import { renameWithoutReplacing } from './internal/rename-protocol.ts';
import { syncNames } from './internal/sync-names.ts';
import type { RenameOptions } from './rename-options.ts';

/**
 * Renames a file or directory, unless the new name is taken: then it fails with EEXIST and changes nothing.
 *
 * **Platform**: Linux; macOS written, not run. Without renameat2 or on a file system without RENAME_NOREPLACE (EINVAL), a
 * file gets its new name by link(2) and loses the old one by unlink(2): as safe, but both names exist for a moment.
 * Directories then cannot be renamed so.
 *
 * @param from What to rename; a symlink is renamed itself.
 * @param to The new name, on the same file system. A dangling symlink there counts as taken.
 * @throws {SystemError} EEXIST, ENOENT, EXDEV, EACCES, EPERM; EINVAL for a directory that is moved into itself.
 * `ERR_OSX_NOT_DURABLE`: renamed, but a directory's fsync failed.
 * @throws {UnsupportedError} ENOTSUP for a directory where renameat2 is missing.
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { renameNoReplace } from '@osx/atomics';
 *
 * writeFileSync('job.new', '');
 * await renameNoReplace('job.new', 'job.1');
 * writeFileSync('job.new', '');
 * await renameNoReplace('job.new', 'job.1').catch((error) => console.log(error.code)); // EEXIST
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/rename.2.html
 */
export async function renameNoReplace(from: PathLike, to: PathLike, options?: RenameOptions): Promise<void> {
  await runAsync(renameProtocol(from, to, options));
}

/** The blocking twin of {@link renameNoReplace}. */
export function renameNoReplaceSync(from: PathLike, to: PathLike, options?: RenameOptions): void {
  runSync(renameProtocol(from, to, options));
}

function* renameProtocol(from: PathLike, to: PathLike, options: RenameOptions | undefined): Protocol<void> {
  const { source, dest, durable } = checkPair(['from', from], ['to', to], options);
  try {
    yield* renameWithoutReplacing(source, dest);
  } catch (error) {
    throw explain(error, source, dest);
  }
  if (durable) yield* syncNames(source, dest);
}
