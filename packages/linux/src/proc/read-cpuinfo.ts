import { parseCpuinfo } from '../internal/parse-cpuinfo.ts';
import { readProcFile } from '../internal/proc-file.ts';
import type { Cpuinfo } from './cpuinfo.ts';

/**
 * Reads the processors that are online (/proc/cpuinfo), in the shapes of x86 and of arm64.
 *
 * **Platform** Linux, with procfs.
 *
 * @throws {UnsupportedError} where /proc is not mounted.
 *
 * @example
 * ```ts
 * import { readCpuinfo } from '@osx/linux/proc';
 *
 * const { processors } = readCpuinfo();
 * console.log(processors.length > 0, processors[0]?.processor); // true 0
 * ```
 *
 * @see https://man7.org/linux/man-pages/man5/proc_cpuinfo.5.html
 */
export function readCpuinfo(): Cpuinfo {
  return parseCpuinfo(readProcFile('/proc/cpuinfo').toString('latin1'));
}
