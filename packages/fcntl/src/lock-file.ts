import { checkAbortSignal, checkTimeoutMs, throwIfAborted } from '@osx/errors';
import type { PathLike } from '@osx/errors';

import { FileLock } from './file-lock.ts';
import { absolutePath } from './internal/absolute-path.ts';
import { acquire } from './internal/acquire.ts';
import { closeUnlocked } from './internal/kernel-lock.ts';
import { checkLockRequest } from './internal/lock-request.ts';
import { timedOut, Waiter } from './internal/waiter.ts';
import { mayOvertake } from './internal/waiting-files.ts';
import type { LockOptions } from './lock-options.ts';

/**
 * Locks a file, waiting until nobody else holds it: no thread, no polling, no stale lock after a crash.
 *
 * The kernel holds the lock and drops it when the holder dies; a stopped holder keeps it however long. A waiter sleeps
 * until somebody closes the file (inotify), and asks again in growing intervals of up to 1 s in case nothing told. Who
 * waits in one thread is served in order. Once locked, the path is known to lead to the locked file.
 *
 * **Platform** Linux 3.15 (`'ofd'`), any for the other kinds. Darwin: not run; waiting by timer only, up to 100 ms. On
 * network file systems see the README.
 *
 * **Gotchas** Not re-entrant: who holds a lock and asks for it again waits for itself. The lock file must stay: whoever
 * unlinks or replaces it lets two hold "it" for a moment in which the new one is another file. A `'posix'` lock
 * excludes other processes, and within the thread only other locks made here: see the README.
 *
 * @param path The lock file, followed through symbolic links by default; created when missing.
 * @param options See {@link LockOptions}.
 * @returns The lock, to be released.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws the signal's reason, when aborted.
 * @throws {SystemError} ETIMEDOUT; ENOENT (`create: false`, or no such directory), EACCES, EROFS, EISDIR, ELOOP, EMFILE,
 *   ENOLCK.
 * @throws {UnsupportedError} where there is no native layer.
 * @example
 * ```ts
 * import { lockFile } from '@osx/fcntl';
 *
 * {
 *   using lock = await lockFile('data.lock', { timeoutMs: 5_000 });
 *   console.log(lock.kind, lock.shared); // ofd false
 * }
 * ```
 * @see https://man7.org/linux/man-pages/man2/F_OFD_SETLK.2const.html
 */
export async function lockFile(path: PathLike, options?: LockOptions): Promise<FileLock> {
  const request = checkLockRequest(path, options);
  const signal = checkAbortSignal('options.signal', options?.signal);
  const timeoutMs = checkTimeoutMs('options.timeoutMs', options?.timeoutMs);
  throwIfAborted(signal);
  const acquired = timeoutMs === 0 ? acquire(request) : acquire(request, (opened) => mayOvertake(opened, request));
  if (acquired.state === 'locked') return new FileLock(acquired.file, request);
  const file = acquired.state === 'refused' ? acquired.file : undefined;
  if (timeoutMs === 0) {
    if (file !== undefined) closeUnlocked(file);
    throw timedOut(request, timeoutMs);
  }
  const waiter = new Waiter({ ...request, path: absolutePath(request.path) }, { signal, timeoutMs });
  waiter.waitFor(file);
  return waiter.promise;
}
