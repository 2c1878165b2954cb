/**
 * Whom a lock belongs to, and so what releases it.
 *
 * - `'ofd'`: a record lock of the open file description. Excludes other processes, Workers, and other locks of the same
 *   thread; excludes POSIX locks too. The default on Linux.
 * - `'flock'`: the whole-file lock of `flock(2)`, with the same ownership. The default elsewhere.
 * - `'posix'`: the record lock of the process, for programs that use `lockf` or `F_SETLK`. See the hazards in the README.
 *
 * On Linux a `'flock'` lock and a record lock do not see each other: all who share a file must agree.
 */
export type LockKind = 'ofd' | 'flock' | 'posix';

/** What to lock, and how. */
export interface TryLockOptions {
  /** Many may hold a shared lock, which excludes only the exclusive ones. Default false. */
  readonly shared?: boolean | undefined;
  /** Default `'ofd'` on Linux, `'flock'` elsewhere. */
  readonly kind?: LockKind | undefined;
  /** First byte of the range, 0 or more; not for `'flock'`. Default 0. */
  readonly start?: number | bigint | undefined;
  /** Bytes in the range; 0 (default) is to the end of the file and beyond. */
  readonly length?: number | bigint | undefined;
  /** Create the file when it is missing. Default true. */
  readonly create?: boolean | undefined;
  /** Follow a symbolic link at the end of the path; false: ELOOP for one, and nothing is created where it leads. Default true. */
  readonly followSymlinks?: boolean | undefined;
  /** Permissions of a file that is created, cut by the umask. Default 0o666. */
  readonly mode?: number | undefined;
}

/** What to lock, how, and how long to wait for it. */
export interface LockOptions extends TryLockOptions {
  /** Ends the waiting: rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Waits at most so long, then rejects with ETIMEDOUT; 0 tries once. Default: no limit. */
  readonly timeoutMs?: number | undefined;
}
