/**
 * Who a process is, for good: plain data to store in a file or send to another process (JSON keeps it).
 *
 * A pid is given away again; what stands here is not, in this boot or another.
 */
export interface PidfdIdentity {
  /** The boot in which it ran: numbers count from zero in every boot. */
  readonly bootId: string;
  /** Its pid, as seen by who asked. */
  readonly pid: number;
  /** Its inode in pidfs, decimal: unique in the boot. */
  readonly inode: string;
  /** Its pidfs file handle (`struct file_handle`), hexadecimal; absent before Linux 6.14. */
  readonly handle?: string;
  /** Present when the pidfd is of a thread. */
  readonly thread?: true;
}
