import { isBufferEncoding } from '../internal/is-buffer-encoding.ts';
import { decodeMounts } from '../internal/decode-mounts.ts';
import { readProcFile } from '../internal/proc-file.ts';
import type { BufferEncodingOption, TextEncodingOption } from './encoding-option.ts';
import type { MountInfo } from './mount-info.ts';

/**
 * Reads the mounts that this process sees (/proc/self/mountinfo); of another process: its method `mountinfo()`.
 *
 * **Platform** Linux, with procfs.
 *
 * @param options `{ encoding: 'buffer' }` for names that are not UTF-8.
 * @returns In the order of mounting, more or less: of two on one mount point the later one hides the earlier.
 * @throws {UnsupportedError} where /proc is not mounted.
 *
 * @example
 * ```ts
 * import { readMountinfo } from '@osx/linux/proc';
 *
 * const proc = readMountinfo().find(({ mountPoint }) => mountPoint === '/proc');
 * console.log(proc?.fsType); // proc
 * ```
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html
 */
export function readMountinfo(options?: TextEncodingOption): MountInfo[];
export function readMountinfo(options: BufferEncodingOption): MountInfo<Buffer>[];
export function readMountinfo(options?: TextEncodingOption | BufferEncodingOption): MountInfo[] | MountInfo<Buffer>[] {
  const isBuffer = isBufferEncoding(options);
  return decodeMounts(readProcFile('/proc/self/mountinfo'), isBuffer);
}
