import type { PathLike } from '@osx/errors';

/** Where a temporary is made, and how it is called. */
export interface TemporaryOptions<Path extends PathLike = PathLike> {
  /** The directory to make it in. Default: {@link defaultTemporaryDirectory}. Given in bytes, paths come back in bytes. */
  readonly directory?: Path | undefined;
  /** The path of a file, there or not: the temporary is made in its directory, so on its file system, and with a hidden name. */
  readonly beside?: Path | undefined;
  /** Begins the name; at most 80 bytes. Default: `osx-`, and the target's name for `beside`. */
  readonly prefix?: string | undefined;
  /** Ends the name, as `.json`; at most 80 bytes. */
  readonly suffix?: string | undefined;
  /** Exact permission bits, whatever the umask. Default: 0600 for files, 0700 for directories. */
  readonly mode?: number | undefined;
}
