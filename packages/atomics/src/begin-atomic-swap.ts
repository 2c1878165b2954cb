import { checkOneOf, throwIfAborted, type PathLike } from '@osx/errors';

import type { AtomicOptions } from './atomic-options.ts';
import { AtomicSwap } from './atomic-swap.ts';
import { beginDirectory } from './internal/directory-draft.ts';
import { beginFile } from './internal/file-swap-draft.ts';
import { explain } from './internal/explain.ts';
import { runAsync } from './internal/protocol.ts';
import { checkRequest } from './internal/write-request.ts';

/**
 * Gives a temporary file or directory beside `path`, to be filled by any means (another program, a database, `fs.cp`), that
 * takes the path's place in one step at `commit()`.
 *
 * A directory that exists is exchanged with the new one (RENAME_EXCHANGE), and the old tree is then removed, never
 * following a symlink. Who has a file of it open keeps reading the old content. At durability `file` and `full` every
 * file and directory of the tree is synced first.
 *
 * **Platform**: Linux; macOS written, not run. A directory that exists and is not empty needs renameat2 (Linux 3.15, with
 * `@osx/linux` installed).
 *
 * **Gotchas**: mode, owner and attributes of the top come from the old file or directory, or the options, at the commit; what
 * is inside stays as it was made. Close what you write before the commit. With `rootDirectory`, `tempPath` leads through
 * `/proc/self/fd` and means nothing to another process.
 *
 * @param kind What to make; the path must be of the same kind (EISDIR, ENOTDIR) or free.
 * @param path The file or directory to be replaced.
 * @returns An open swap; commit it, or abort it (`await using` does).
 * @throws {SystemError} as {@link writeFileAtomic}.
 *
 * @example
 * ```ts
 * import { readdirSync, writeFileSync } from 'node:fs';
 * import { join } from 'node:path';
 * import { beginAtomicSwap } from '@osx/atomics';
 *
 * await using swap = await beginAtomicSwap('dir', 'site');
 * writeFileSync(join(swap.tempPath.toString(), 'index.html'), '<h1>new</h1>');
 * await swap.commit();
 * console.log(readdirSync('site')); // [ 'index.html' ]
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/rename.2.html
 */
export async function beginAtomicSwap(
  kind: 'file' | 'dir',
  path: PathLike,
  options?: AtomicOptions,
): Promise<AtomicSwap> {
  checkOneOf('kind', kind, ['file', 'dir']);
  const request = checkRequest(path, options, kind === 'dir' ? 'directory' : 'file');
  throwIfAborted(request.signal);
  try {
    const begin = kind === 'dir' ? beginDirectory : beginFile;
    return new AtomicSwap(kind, request, await runAsync(begin(request)));
  } catch (error) {
    throw explain(error, request.asked);
  }
}
