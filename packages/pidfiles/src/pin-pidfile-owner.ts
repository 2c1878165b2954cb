import { checkAbortSignal, checkOptions, checkPath, checkTimeoutMs, SystemError, throwIfAborted } from '@osx/errors';
import type { PathLike } from '@osx/errors';

import { FileChanges } from './internal/file-changes.ts';
import { seekOwner } from './internal/seek-owner.ts';
import type { Undecided } from './internal/seek-owner.ts';
import type { PidfileWaitOptions } from './pidfile-options.ts';
import { PinnedProcess } from './pinned-process.ts';
import { needBackend } from './select-backend.ts';

const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * Finds the process that owns a pidfile, and pins it: what you do to it reaches that process, or nobody.
 *
 * The owner is whom the record names **and** the kernel shows with the lock. It is opened as a pidfd and then everything is
 * asked again, so that a pid that was given away meanwhile is noticed. It takes no lock: no starter is ever refused
 * because of it. When a starter has locked the file and not written it yet, this waits, without polling where the kernel
 * tells of changes.
 *
 * **Platform** Linux 5.3; a process in another pid namespace is found on Linux 6.9.
 *
 * **Gotchas** Of another user's process the kernel shows no descriptors: then the lock must exist and the recorded
 * identity be that of the process (Linux 6.9), else EACCES.
 *
 * @param path Followed through symbolic links.
 * @param options `signal`; `timeoutMs`, by default 5,000: how long a starter may take to write.
 * @returns To be closed, by hand or with `using`.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws the signal's reason, when aborted.
 * @throws {SystemError} ESRCH: nobody has it (no file; a file that nobody has locked, whatever stands in it). ETIMEDOUT:
 *   somebody has it, and the record names nobody or another. ERR_OSX_INVALID_PIDFILE: garbage, and nobody has it, or
 *   no regular file. EACCES: see above, or the file may not be read.
 * @throws {UnsupportedError} elsewhere, and without the package @osx/linux.
 * @example
 * ```ts
 * import { acquirePidfile, pinPidfileOwner } from '@osx/pidfiles';
 *
 * using pidfile = await acquirePidfile('job.pid');
 * using owner = await pinPidfileOwner('job.pid');
 * console.log(owner.pid === process.pid, owner.isAlive()); // true true
 * owner.kill(0); // could be signalled
 * pidfile.clear();
 * ```
 * @see https://man7.org/linux/man-pages/man2/pidfd_open.2.html
 */
export async function pinPidfileOwner(path: PathLike, options?: PidfileWaitOptions): Promise<PinnedProcess> {
  const checkedPath = checkPath('path', path);
  const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = checkOptions('options', options);
  checkAbortSignal('options.signal', signal);
  checkTimeoutMs('options.timeoutMs', timeoutMs);
  throwIfAborted(signal);
  const { openPidfd } = needBackend('pinning the owner of a pidfile');
  const sought = await seekOwner(checkedPath, openPidfd);
  if (sought.owner !== undefined) return new PinnedProcess(sought.owner, sought.record);
  if (timeoutMs === 0) throw undecided(checkedPath, sought, timeoutMs);
  const changes = new FileChanges({ signal, timeoutMs });
  try {
    for (;;) {
      changes.watch(checkedPath);
      const isLast = changes.isOver;
      const again = await seekOwner(checkedPath, openPidfd);
      if (again.owner !== undefined) return new PinnedProcess(again.owner, again.record);
      if (isLast) throw undecided(checkedPath, again, timeoutMs);
      await changes.next();
    }
  } finally {
    changes.close();
  }
}

function undecided(path: string | Buffer, { why, cause }: Undecided, timeoutMs: number): SystemError {
  return new SystemError({ code: 'ETIMEDOUT', syscall: 'flock', path, message: `${why}, for ${timeoutMs} ms`, cause });
}
