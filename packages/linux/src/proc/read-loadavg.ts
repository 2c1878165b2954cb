import { parseLoadavg } from '../internal/parse-loadavg.ts';
import { readProcFile } from '../internal/proc-file.ts';
import type { Loadavg } from './loadavg.ts';

/**
 * Reads the load of the system (/proc/loadavg).
 *
 * **Platform** Linux, with procfs.
 *
 * @throws {UnsupportedError} where /proc is not mounted.
 *
 * @example
 * ```ts
 * import { readLoadavg } from '@osx/linux/proc';
 *
 * const { averages, runnable, total } = readLoadavg();
 * console.log(averages.length, runnable <= total); // 3 true
 * ```
 *
 * @see https://man7.org/linux/man-pages/man5/proc_loadavg.5.html
 */
export function readLoadavg(): Loadavg {
  return parseLoadavg(readProcFile('/proc/loadavg').toString('latin1'));
}
