import type { PathLike } from '@osx/errors';
import { SystemError } from '@osx/errors';

import { FileLock } from './file-lock.ts';
import { acquire } from './internal/acquire.ts';
import { closeUnlocked } from './internal/kernel-lock.ts';
import { checkLockRequest } from './internal/lock-request.ts';
import type { TryLockOptions } from './lock-options.ts';

/**
 * Locks a file if nobody else holds it now, without waiting.
 *
 * **Platform** As {@link lockFile}.
 *
 * **Gotchas** It asks the kernel at once, past those in this thread who wait in `lockFile`.
 *
 * @param path The lock file, followed through symbolic links by default. It stays when the lock is released: never unlink it.
 * @returns The lock, to be released; null when another holds it.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} ENOENT (`create: false`, or no such directory), EACCES, EROFS, EISDIR, ELOOP, EMFILE, ENOLCK;
 *   ESTALE when the path leads to another file each time.
 * @throws {UnsupportedError} where there is no native layer.
 * @example
 * ```ts
 * import { tryLockFile } from '@osx/fcntl';
 *
 * using lock = tryLockFile('job.lock');
 * console.log(lock === null ? 'another runs it' : 'mine');
 * console.log(tryLockFile('job.lock')); // null
 * ```
 */
export function tryLockFile(path: PathLike, options?: TryLockOptions): FileLock | null {
  const request = checkLockRequest(path, options);
  const acquired = acquire(request);
  if (acquired.state === 'locked') return new FileLock(acquired.file, request);
  if (acquired.state === 'moved') {
    throw new SystemError({
      code: 'ESTALE',
      syscall: 'stat',
      path: request.path,
      message: 'the path leads to another file each time',
    });
  }
  closeUnlocked(acquired.file);
  return null;
}
