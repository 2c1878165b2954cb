import { closeSync } from 'node:fs';

import { checkPath, hasCode } from '@osx/errors';
import type { PathLike } from '@osx/errors';

import { readRecord } from './internal/record-file.ts';
import { openToRead } from './internal/regular-file.ts';
import type { PidfileRecord } from './pidfile-record.ts';

/**
 * Reads what a pidfile says, without a lock: it never waits, and no starter is ever refused because of it.
 *
 * The pid is believed only when it stands alone on the first line, in decimal, from 1 to the highest that the kernel
 * gives; everything else is garbage and an error, never a number to send a signal to.
 *
 * **Platform** Any.
 *
 * **Gotchas** It says who wrote the file, not who runs: the process may be gone and its pid another's. To signal the
 * owner, or to know that there is one, use {@link pinPidfileOwner}.
 *
 * @param path Followed through symbolic links.
 * @returns null when there is no file, or an empty one (a starter has locked it and not written yet, or it was cleared).
 * @throws {TypeError} on a bad path.
 * @throws {SystemError} ERR_OSX_INVALID_PIDFILE (garbage, over 4 KiB, a directory, a FIFO ...; the message says what);
 *   EACCES, ENOTDIR, ELOOP.
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { readPidfile } from '@osx/pidfiles';
 *
 * console.log(readPidfile('job.pid')); // null
 * writeFileSync('job.pid', '4321\n');
 * console.log(readPidfile('job.pid')); // { pid: 4321, origin: 'unknown' }
 * ```
 */
export function readPidfile(path: PathLike): PidfileRecord | null {
  const checkedPath = checkPath('path', path);
  let fd: number;
  try {
    ({ fd } = openToRead(checkedPath));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  try {
    return readRecord(fd, checkedPath);
  } finally {
    closeSync(fd);
  }
}
