/**
 * What tells a process from every other one for good: as `Pidfd.identity()` of `@osx/linux/pidfd` gives it, and
 * `openIdentity` finds it again.
 */
export interface RecordedIdentity {
  readonly bootId: string;
  readonly pid: number;
  /** Inode of its pidfd, decimal: unique in the boot. */
  readonly inode: string;
  /** The pidfs file handle, hexadecimal; absent before Linux 6.14. */
  readonly handle?: string;
}

/**
 * Where the process that wrote a record was, as seen from here.
 *
 * - `'here'`: in this boot and this pid namespace: its pid means here what it meant there.
 * - `'other-boot'`: before the last boot, or on another machine. It is gone, or out of reach.
 * - `'other-pid-namespace'`: in another container. Here its pid is another process's.
 * - `'unknown'`: the file does not say; another program wrote it.
 */
export type RecordOrigin = 'here' | 'other-boot' | 'other-pid-namespace' | 'unknown';

/** What stands in a pidfile: a claim, not a proof. */
export interface PidfileRecord {
  /** As its writer saw it; in another pid namespace, or after a boot, the number of somebody else. */
  readonly pid: number;
  readonly origin: RecordOrigin;
  /** When the process started, in ticks since the boot, as field 22 of `/proc/PID/stat`. */
  readonly startTime?: string;
  readonly bootId?: string;
  /** Inode of the pid namespace. */
  readonly pidNamespace?: string;
  /** Linux 6.9. */
  readonly identity?: RecordedIdentity;
  /** What was given to `write()`. */
  readonly info?: RecordInfo;
}

/** Additional data of a record: whatever JSON holds. */
export type RecordInfo = Readonly<Record<string, unknown>>;
