import type { DeviceNumber } from './device-number.ts';

/** A line of /proc/locks, or of `lock:` in an fdinfo. */
export interface ProcLock {
  /** Number of the lock in this listing. Who waits has the number of the lock that is waited for. */
  readonly id: number;
  /** Who waits for the lock (`->`), directly or behind another that waits, and does not have it. */
  readonly isBlocked: boolean;
  /** `posix`, `ofd`, `flock`, `lease`, `deleg`, or the kernel's word in lower case. */
  readonly kind: string;
  /** `advisory`; of a lease `active`, `breaking` or `breaker`. */
  readonly mode: string;
  /** `read`, `write`, `unlck`. */
  readonly type: string;
  /** Who took it; of a flock maybe dead, with the lock kept by others. null where the kernel names nobody, as for OFD locks. */
  readonly pid: number | null;
  /** The file system; null for a lock without a file. */
  readonly device: DeviceNumber | null;
  readonly inode: bigint | null;
  /** First byte. */
  readonly start: bigint;
  /** Last byte; null: to the end of the file and beyond. */
  readonly end: bigint | null;
}
