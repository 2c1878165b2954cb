import { checkBoolean, checkInteger, checkOptions } from '@osx/errors';
import { ownByNode } from '@osx/native-ffi';

import { pidfdOpen } from '../internal/pidfd-calls.ts';
import { PIDFD_THREAD } from '../internal/pidfd-constants.ts';
import { pidfdOpenError } from '../internal/pidfd-open-error.ts';
import { Pidfd } from './pidfd.ts';

/** Options of {@link openPidfd}. */
export interface OpenPidfdOptions {
  /** Open the thread with this id and not the process that it leads (Linux 6.9). */
  thread?: boolean | undefined;
}

/**
 * Pins a process by its pid (`pidfd_open`): from now on the returned object means this process only.
 *
 * **Platform** Linux 5.3.
 *
 * **Gotchas** Between the moment you learnt the pid and this call the number may have been given away. It is safe for
 * your own children until they are reaped; otherwise compare an identity, or check what you pinned.
 *
 * @param pid 1 or more; `process.pid` is fine.
 * @param options See {@link OpenPidfdOptions}.
 * @returns A pidfd to `close()`, by hand or with `using`.
 * @throws {SystemError} ESRCH (no such process, or it was reaped), EINVAL (a thread's id without `thread`), EMFILE, ENFILE.
 * @throws {UnsupportedError} before Linux 5.3, or 6.9 with `thread`.
 *
 * @example
 * ```ts
 * import { openPidfd } from '@osx/linux/pidfd';
 *
 * const self = openPidfd(process.pid);
 * console.log(self.isAlive()); // true
 * self.close();
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/pidfd_open.2.html
 */
export function openPidfd(pid: number, options: OpenPidfdOptions = {}): Pidfd {
  checkInteger('pid', pid, { min: 1, max: 2 ** 31 - 1 });
  const { thread = false } = checkOptions('options', options);
  const isThread = checkBoolean('options.thread', thread);
  const fd = pidfdOpen(pid, isThread ? PIDFD_THREAD : 0);
  if (fd < 0) throw pidfdOpenError(fd, pid, isThread);
  return new Pidfd({ fd: ownByNode(fd), pid, isThread });
}
