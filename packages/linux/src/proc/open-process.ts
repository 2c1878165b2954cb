import { constants, openSync, readlinkSync } from 'node:fs';

import { checkInteger, hasCode, SystemError, withSystemErrors } from '@osx/errors';
import { linuxConstants } from '@osx/native-ffi';

import { ProcDirectory } from '../internal/proc-directory.ts';
import { isProcMounted, noProc } from '../internal/proc-file.ts';
import { ProcProcess } from './proc-process.ts';

/**
 * Opens a process's directory in /proc, and so pins the process: what is read from now on is of this process, or fails with
 * ESRCH, and never of a later owner of its pid.
 *
 * **Platform** Linux, with procfs. Works in Workers.
 *
 * **Gotchas** Between the moment you learnt the pid and this call the number may have been given away: then look at what
 * you opened (`stat().starttime`, `stat().ppid`). A thread's id opens too: `status().tgid` tells its process.
 *
 * @param pid As this procfs counts; or `'self'`.
 * @returns To `close()`, by hand or with `using`.
 * @throws {SystemError} ESRCH (no such process, or one that hidepid hides), EPERM (hidepid=1: nothing of it may be read), EMFILE, ENFILE.
 * @throws {UnsupportedError} where /proc is not mounted.
 *
 * @example
 * ```ts
 * import { openProcess } from '@osx/linux/proc';
 *
 * using self = openProcess('self');
 * console.log(self.pid === process.pid, self.stat().ppid === process.ppid, self.status().state); // true true R
 * ```
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid.5.html
 */
export function openProcess(pid: number | 'self'): ProcProcess {
  if (pid !== 'self') checkInteger('pid', pid, { min: 1, max: 2 ** 31 - 1 });
  // /proc may count pids in another way than this process does.
  const number = pid === 'self' ? ownNumber() : pid;
  const path = `/proc/${number}`;
  const flags = linuxConstants().O_PATH | constants.O_DIRECTORY;
  try {
    const directory = new ProcDirectory(
      withSystemErrors(() => openSync(path, flags), path),
      number,
    );
    if (isThere(directory)) return new ProcProcess(directory);
  } catch (error) {
    if (!hasCode(error, ['ENOENT', 'ESRCH'])) throw error;
    if (!isProcMounted()) throw noProc(error);
  }
  const message = `no such process ${number}, or it is hidden (hidepid)`;
  throw new SystemError({ code: 'ESRCH', syscall: 'open', path, message });
}

/** With hidepid=2 the directory opens, and seems empty. */
function isThere(directory: ProcDirectory): boolean {
  let isGone = true;
  try {
    isGone = directory.isGone();
  } finally {
    if (isGone) directory.close();
  }
  return !isGone;
}

function ownNumber(): number {
  try {
    return Number(readlinkSync('/proc/self'));
  } catch (error) {
    throw noProc(error);
  }
}
