import type { PathLike } from '@osx/errors';

/**
 * What an acknowledged write promises when the machine loses power. At every level readers see the old or the new
 * content, whole, and a killed process changes nothing.
 *
 * - `none`: nothing. After a power cut the file may be old, new, or (XFS, ext4 with new names) empty or torn.
 * - `file`: the content is on disk before the name points to it. After a power cut the file is old or new, whole.
 * - `full`: and the name is on disk too. After a power cut the file is the new one.
 */
export type Durability = 'none' | 'file' | 'full';

/** What a replaced file hands on: its permission bits, its owner and group, its extended attributes with the ACL. */
export type Preserved = 'mode' | 'owner' | 'xattrs';

/** Options of everything that puts new content at a path. */
export interface AtomicOptions {
  /** Exact permission bits of the result, not subject to the umask. Default: the old file's, or 0666 less the umask. */
  mode?: number | undefined;
  /** Owner of the result; needs the right to give files away (EPERM). */
  uid?: number | undefined;
  /** Group of the result; EPERM unless the process belongs to it. */
  gid?: number | undefined;
  /** Default `full`. */
  durability?: Durability | undefined;
  /** What an existing file hands on, as far as the process is permitted to. Default `true`, which is all of it. */
  preserve?: boolean | readonly Preserved[] | undefined;
  /** `true` (default): write the file that a symlink points to. `false`: replace the symlink. */
  followSymlinks?: boolean | undefined;
  /** Make missing parent directories, with 0777 less the umask. */
  makeDirectories?: boolean | undefined;
  /**
   * Refuse (EXDEV) every path that leads out of this directory, by `..` or by symlinks, also while they change. A
   * relative path then starts here. Needs openat2 (Linux 5.6).
   */
  rootDirectory?: PathLike | undefined;
  /** Ends the operation at its next step; nothing is left behind. Once the new content is in place it is too late. */
  signal?: AbortSignal | undefined;
}
