/**
 * A lock on a range of bytes: `struct flock` in words.
 *
 * @see https://man7.org/linux/man-pages/man2/F_GETLK.2const.html
 */
export interface RecordLock {
  /** Many may hold a read lock; a write lock excludes all others. */
  readonly type: 'read' | 'write' | 'unlock';
  /** What `start` counts from: the start of the file (default), the descriptor's position, or the end of the file. */
  readonly whence?: 'start' | 'current' | 'end' | undefined;
  /** First byte, 0 by default. Negative only with `whence` other than `'start'`. */
  readonly start?: number | bigint | undefined;
  /** How many bytes; 0 (default) is to the end of the file and beyond; negative are the bytes before `start`. */
  readonly length?: number | bigint | undefined;
  /** Who holds it, as `testRecordLock` reports: -1 for an OFD lock. Must be absent or 0 to set an OFD lock. */
  readonly pid?: number | undefined;
}
