import { isSystemError, SystemError } from '@osx/errors';
import { checked, ownByNode } from '@osx/native-ffi';

import { checkIdentity, type CheckedIdentity } from '../internal/check-identity.ts';
import { openPidfdHandle } from '../internal/pidfd-handle.ts';
import { bootId, pidOfPidfd } from '../internal/pidfs.ts';
import { openPidfd } from './open-pidfd.ts';
import { Pidfd } from './pidfd.ts';
import type { PidfdIdentity } from './pidfd-identity.ts';

const syscall = 'open_by_handle_at';

/**
 * Finds the process that an identity was taken of, and pins it; a later owner of its pid is never taken for it.
 *
 * Opens the pidfs file handle; where the kernel has none (before 6.14) or refuses it, the pid is opened and its inode
 * compared, which says the same.
 *
 * **Platform** Linux 6.9.
 *
 * **Gotchas** Until its parent has waited for it, an ended process is still found: ask `isAlive()`.
 *
 * @param identity What `Pidfd.identity()` returned, in this boot or an earlier one.
 * @returns A pidfd to `close()`.
 * @throws {SystemError} ESTALE: the process is gone, or the boot is another. EMFILE, ENFILE.
 * @throws {UnsupportedError} before Linux 6.9.
 *
 * @example
 * ```ts
 * import { openIdentity, openPidfd } from '@osx/linux/pidfd';
 *
 * const self = openPidfd(process.pid);
 * const stored = JSON.stringify(self.identity());
 * const found = openIdentity(JSON.parse(stored));
 * console.log(found.isSame(self)); // true
 * found.close();
 * self.close();
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/open_by_handle_at.2.html
 */
export function openIdentity(identity: PidfdIdentity): Pidfd {
  const wanted = checkIdentity(identity);
  if (wanted.bootId !== bootId()) throw stale('the process ran in another boot');
  const pidfd = openByHandle(wanted) ?? openByPid(wanted);
  try {
    if (pidfd.isSame(identity)) return pidfd;
  } catch (error) {
    pidfd.close();
    throw error;
  }
  pidfd.close();
  throw stale('the process is gone');
}

/** undefined where the kernel cannot, or will not, open it. */
function openByHandle({ handleBytes, pid, isThread }: CheckedIdentity): Pidfd | undefined {
  if (handleBytes === undefined) return undefined;
  let fd: number;
  try {
    fd = checked(
      openPidfdHandle(handleBytes, isThread, () => openPidfd(process.pid)),
      syscall,
    );
  } catch (error) {
    if (isSystemError(error, 'ESTALE')) throw stale('the process is gone');
    if (isSystemError(error, ['EPERM', 'ENOSYS', 'ENOTSUP', 'EINVAL'])) return undefined;
    throw error;
  }
  fd = ownByNode(fd);
  // In another pid namespace than where the identity was taken, the process has another number.
  const pidHere = pidOfPidfd(fd);
  return new Pidfd({ fd, pid: pidHere > 0 ? pidHere : pid, isThread });
}

function openByPid({ pid, isThread }: CheckedIdentity): Pidfd {
  try {
    return openPidfd(pid, { thread: isThread });
  } catch (error) {
    // EINVAL: the number has become that of a thread.
    if (isSystemError(error, ['ESRCH', 'EINVAL'])) throw stale('the process is gone');
    throw error;
  }
}

function stale(message: string): SystemError {
  return new SystemError({ code: 'ESTALE', syscall, message });
}
