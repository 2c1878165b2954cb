import { parseProcLocks } from '../internal/parse-proc-locks.ts';
import { readProcFile } from '../internal/proc-file.ts';
import type { ProcLock } from './proc-lock.ts';

/**
 * Reads the file locks of the system and who waits for them (/proc/locks).
 *
 * **Platform** Linux, with procfs.
 *
 * **Gotchas** The listing is not of one moment, and the kernel names whoever took a lock: who keeps it is told by
 * `fdinfo(fd).locks` (and by `lockHolders` of @osx/fcntl). Locks of other pid namespaces are not listed, except OFD
 * locks.
 *
 * @returns In the kernel's order: behind a lock come those that wait for it, with its id.
 * @throws {UnsupportedError} where /proc is not mounted.
 *
 * @example
 * ```ts
 * import { readLocks } from '@osx/linux/proc';
 *
 * for (const { kind, type, pid, inode, isBlocked } of readLocks()) {
 *   console.log(isBlocked ? 'waits' : 'holds', pid, kind, type, inode);
 * }
 * ```
 *
 * @see https://man7.org/linux/man-pages/man5/proc_locks.5.html
 */
export function readLocks(): ProcLock[] {
  return parseProcLocks(readProcFile('/proc/locks').toString('latin1').split('\n'));
}
