import { umaskOfProc, umaskOfShell } from './internal/umask-sources.ts';

/**
 * The umask of this process, read without changing it.
 *
 * `process.umask()` has to set it to 0 and back: a file that another thread (one of Node's own pool is enough) creates
 * in between is open to everybody. Here the kernel is asked.
 *
 * **Platform**: Linux 4.7 with `/proc`, Workers included. Elsewhere a shell is started and asked, which takes
 * milliseconds and has no race either. On Windows: what `process.umask()` says.
 *
 * @returns 0 to 0o777.
 * @throws {SystemError} where there is neither `/proc` nor `/bin/sh`.
 * @example
 * ```ts
 * import { readUmask } from '@osx/filemodes';
 *
 * console.log((0o666 & ~readUmask()).toString(8)); // the mode of new files: mostly 644
 * ```
 * @see https://man7.org/linux/man-pages/man2/umask.2.html
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export function readUmask(): number {
  // oxlint-disable-next-line typescript/no-deprecated -- deprecated for the race, and Windows has no umask to race for
  if (process.platform === 'win32') return process.umask();
  return umaskOfProc('/proc/self/status') ?? umaskOfShell();
}
