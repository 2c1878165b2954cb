import { checkOptions, checkPath } from '@osx/errors';
import type { PathLike } from '@osx/errors';

import { checkTreeOptions } from '../internal/check-tree-options.ts';
import type { WatchTreeOptions } from './tree-options.ts';
import { TreeWatcher } from './tree-watcher.ts';

/**
 * Watches a directory with all below it: nothing that is created, renamed or deleted stays unreported, and where the kernel
 * drops events, the tree is compared with what was known and the difference reported.
 *
 * A directory is watched first and read then, so what is put into it in the first instant is reported, once. Renames are
 * paired by their cookie into one `move`, also of directories, whose watches stay. Symbolic links are not followed, except
 * the root itself.
 *
 * **Platform** Linux 2.6.36. Works in Workers. One watch for each directory (`fs.inotify.max_user_watches`), none for files.
 *
 * **Gotchas** After an overflow, files that may have changed are found by their ctime: `change` with `isRescan` can be one
 * too many, never one too few, unless the clock is set back meanwhile. Not reported are changes by other machines on a
 * network file system, through a mapping (`mmap`), by `truncate(2)` without `modify`, and below what is mounted later.
 * A rename of a directory above the root is noticed only with the next new directory, and is the `end`.
 *
 * @param root An existing directory, readable.
 * @param options See {@link WatchTreeOptions}.
 * @returns A watcher to `close()`, by hand or with `using`; events count from the return on, see `ready`.
 * @throws {SystemError} ENOENT, ENOTDIR, EACCES; ENOSPC (`fs.inotify.max_user_watches`), which may also come later, to
 *   `ready`, the iterator, or `onError`; EMFILE.
 * @throws {UnsupportedError} where there is no Linux or no native layer.
 *
 * @example
 * ```ts
 * import { mkdirSync, writeFileSync } from 'node:fs';
 * import { watchTree } from '@osx/linux/inotify';
 *
 * using watcher = watchTree('.');
 * await watcher.ready;
 * mkdirSync('a/b', { recursive: true });
 * writeFileSync('a/b/file', 'text');
 * for await (const event of watcher) {
 *   console.log(event.type, event.path); // create .../a, create .../a/b, create .../a/b/file, ...
 *   if (event.path.endsWith('file')) break;
 * }
 * ```
 *
 * @see https://man7.org/linux/man-pages/man7/inotify.7.html
 */
export function watchTree(root: PathLike, options: WatchTreeOptions = {}): TreeWatcher {
  const checkedRoot = checkPath('root', root);
  return new TreeWatcher(checkedRoot, checkTreeOptions(checkOptions('options', options) as WatchTreeOptions));
}
