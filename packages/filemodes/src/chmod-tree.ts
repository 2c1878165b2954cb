import {
  checkAbortSignal,
  checkBoolean,
  checkFunction,
  checkInteger,
  checkOptions,
  checkPath,
  invalidArgValue,
  throwIfAborted,
  type PathLike,
  type SystemError,
} from '@osx/errors';

import { ChmodWalk } from './internal/chmod-walk.ts';
import { readPermissionChange, type PermissionChange } from './internal/permission-change.ts';
import { runInSlices } from './internal/run-in-slices.ts';
import { applySymbolic } from './internal/symbolic-mode.ts';
import { shownPath } from './internal/tree-path.ts';
import { readUmask } from './read-umask.ts';

/** A change that {@link chmodTree} made, or would make in a dry run. */
export interface ChmodChange {
  /** Text if it is UTF-8, else bytes. */
  readonly path: string | Buffer;
  /** All that is no directory is a file. */
  readonly type: 'file' | 'directory';
  /** Permissions, 0 to 0o7777. */
  readonly from: number;
  readonly to: number;
}

/** What to change. At least one of `mode`, `files` and `directories`. */
export interface ChmodTreeOptions {
  /** For all; anything that `parsePermissions` takes, computed for each entry. */
  readonly mode?: string | number | undefined;
  /** For what is no directory, in place of `mode`. */
  readonly files?: string | number | undefined;
  /** For directories, in place of `mode`. */
  readonly directories?: string | number | undefined;
  /** For modes that name nobody (`+w`). Default: that of the process. */
  readonly umask?: number | undefined;
  /** Changes nothing, and counts what would be changed. Default false. */
  readonly dryRun?: boolean | undefined;
  /** Walks the tree that the path leads to if it is a symlink; false: ELOOP for one. Default false. */
  readonly followRoot?: boolean | undefined;
  /** Leaves what is mounted in the tree alone. Default false. */
  readonly oneFileSystem?: boolean | undefined;
  /** Told of each change. What it throws ends the walk. */
  readonly onChange?: ((change: ChmodChange) => void) | undefined;
  /** Ends the walk between two entries: rejects with the signal's reason. What was changed stays so. */
  readonly signal?: AbortSignal | undefined;
}

/** What {@link chmodTree} came to: each name in the tree is in one of the counts. */
export interface ChmodTreeResult {
  readonly changed: number;
  /** Had the permissions already, or were left alone, and were not touched. */
  readonly unchanged: number;
  readonly skippedSymlinks: number;
  /** Entries of another file system, with `oneFileSystem`. */
  readonly skippedMounts: number;
  /** Names that were gone before they were looked at. */
  readonly vanished: number;
  /** One for each entry that could not be changed or read. */
  readonly errors: readonly SystemError[];
}

/**
 * Changes the permissions of a file, or of a directory and all that is in it, as `chmod -R` does, and follows no
 * symlink even while somebody swaps names for symlinks.
 *
 * Every entry is pinned by a descriptor (O_PATH), looked at and changed through it, so what is changed is what was
 * looked at, and no path is resolved twice. Nothing is opened in the sense of a device or FIFO. What has its
 * permissions already is not touched (chmod(1) would give it a new ctime).
 *
 * A directory is changed before what is in it, if its owner can read and enter it then, or else after; one that its
 * owner cannot enter before nor after is opened to its owner (`u+rx`) in between. So mode 0 can be given to a tree, and
 * a tree of mode 0 be opened, without being root.
 *
 * The calls are made on this thread in slices of 4 ms, one slice in a turn of the event loop, however many trees are
 * walked. Where calls are slow (a disk that must be read, a network) they go through the thread pool, one at a time.
 *
 * **Platform**: Linux, with `/proc`. No native call is made.
 *
 * **Gotchas**: in a dry run, what is in a directory that cannot be read yet is not counted, and the directory is in
 * `errors`. A hard link in the tree is its file, wherever else that has names. The kernel drops setgid in silence for
 * who is not of the file's group. Bind mounts of the same file system are not told apart by `oneFileSystem`. A path
 * with a slash at its end is what the symlink leads to.
 *
 * @param path The top of the tree.
 * @returns Counts, and the errors of single entries, which do not end the walk.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`.
 * @throws {RangeError} `ERR_OUT_OF_RANGE`.
 * @throws {SystemError} when the top itself cannot be reached: `ENOENT`, `ENOTDIR`, `EACCES`, `ELOOP`.
 * @throws {UnsupportedError} `ENOTSUP` on another system, or without `/proc`.
 * @example
 * ```ts
 * import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
 * import { chmodTree } from '@osx/filemodes';
 *
 * mkdirSync('site/img', { recursive: true });
 * writeFileSync('site/img/a.png', '');
 * symlinkSync('../nowhere', 'site/img/b.png');
 * const { changed, skippedSymlinks, errors } = await chmodTree('site', { files: '0640', directories: 'u=rwx,g=rx,o=' });
 * console.log(changed, skippedSymlinks, errors.length); // 3 1 0
 * console.log((statSync('site/img/a.png').mode & 0o777).toString(8)); // 640
 * ```
 * @see https://man7.org/linux/man-pages/man1/chmod.1.html
 */
export async function chmodTree(path: PathLike, options: ChmodTreeOptions): Promise<ChmodTreeResult> {
  const checkedPath = checkPath('path', path);
  const {
    dryRun = false,
    followRoot = false,
    oneFileSystem = false,
    onChange,
    signal,
  } = checkOptions('options', options);
  const target = targetOf(options);
  checkBoolean('options.dryRun', dryRun);
  checkBoolean('options.followRoot', followRoot);
  checkBoolean('options.oneFileSystem', oneFileSystem);
  if (onChange !== undefined) checkFunction('options.onChange', onChange);
  checkAbortSignal('options.signal', signal);
  throwIfAborted(signal);
  const walk = new ChmodWalk({
    path: checkedPath,
    dryRun,
    followRoot,
    oneFileSystem,
    signal,
    target,
    onChange(at, type, from, to) {
      onChange?.({ path: shownPath(at), type, from, to });
    },
  });
  return runInSlices(walk.run());
}

function targetOf(options: ChmodTreeOptions): (current: number, isDirectory: boolean) => number | undefined {
  const { mode, files = mode, directories = mode, umask } = checkOptions('options', options);
  const read = (name: string, value: unknown): PermissionChange | undefined =>
    value === undefined ? undefined : readPermissionChange(`options.${name}`, value);
  const all = read('mode', mode);
  const forFiles = files === mode ? all : read('files', files);
  const forDirectories = directories === mode ? all : read('directories', directories);
  if (umask !== undefined) checkInteger('options.umask', umask, { min: 0, max: 0o777 });
  if (forFiles === undefined && forDirectories === undefined) {
    throw invalidArgValue('options', 'given mode, files or directories', options);
  }
  const needsUmask = forFiles?.needsUmask === true || forDirectories?.needsUmask === true;
  const mask = needsUmask ? (umask ?? readUmask()) : 0;
  return (current, isDirectory) => {
    const change = isDirectory ? forDirectories : forFiles;
    return change && applySymbolic(change, current, isDirectory, mask);
  };
}
