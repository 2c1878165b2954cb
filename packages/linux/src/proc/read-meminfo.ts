import { parseMeminfo } from '../internal/parse-meminfo.ts';
import { readProcFile } from '../internal/proc-file.ts';
import type { Meminfo } from './meminfo.ts';

/**
 * Reads the system's memory (/proc/meminfo), in bytes.
 *
 * **Platform** Linux, with procfs.
 *
 * **Gotchas** In a container it is the machine's memory; what the container may use is in its cgroup.
 *
 * @throws {UnsupportedError} where /proc is not mounted.
 *
 * @example
 * ```ts
 * import { totalmem } from 'node:os';
 * import { readMeminfo } from '@osx/linux/proc';
 *
 * console.log(readMeminfo().memTotalBytes === totalmem()); // true
 * ```
 *
 * @see https://man7.org/linux/man-pages/man5/proc_meminfo.5.html
 */
export function readMeminfo(): Meminfo {
  return parseMeminfo(readProcFile('/proc/meminfo').toString('latin1'));
}
