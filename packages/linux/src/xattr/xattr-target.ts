import type { PathLike } from '@osx/errors';
import type { FdLike } from '@osx/fds';

/** A file by its path, or by an open descriptor (not one opened with O_PATH). */
export type XattrTarget = PathLike | FdLike;

export interface XattrOptions {
  /** For a path: whether a symlink stands for its target (the default) or for itself. */
  followSymlinks?: boolean | undefined;
}

export interface SetxattrOptions extends XattrOptions {
  /** `create`: EEXIST when it is there already. `replace`: ENODATA when it is not. Default: either way. */
  only?: 'create' | 'replace' | undefined;
}

export interface ListxattrOptions extends XattrOptions {
  /** `buffer`: names as exact bytes; default `utf8`, in which bytes that are not UTF-8 appear as U+FFFD. */
  encoding?: 'utf8' | 'buffer' | undefined;
}
