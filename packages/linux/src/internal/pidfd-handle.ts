import { checked, linuxConstants } from '@osx/native-ffi';

import { EBADF, EOPNOTSUPP } from './errno-numbers.ts';
import { nameToHandleAt, openByHandleAt } from './pidfd-calls.ts';
import { FD_PIDFS_ROOT, PIDFD_THREAD } from './pidfd-constants.ts';
import { FILE_HANDLE_HEADER_BYTES, FILE_HANDLE_MAX_BYTES } from './pidfd-structs.ts';

const EMPTY_PATH = Buffer.from('\0');

/** The `struct file_handle` of a pidfd; undefined before Linux 6.14, where pidfs has none. */
export function pidfdHandle(fd: number): Buffer | undefined {
  const handle = Buffer.alloc(FILE_HANDLE_HEADER_BYTES + FILE_HANDLE_MAX_BYTES);
  handle.writeUInt32LE(FILE_HANDLE_MAX_BYTES, 0);
  const mountId = Buffer.alloc(4);
  const result = nameToHandleAt(fd, EMPTY_PATH, handle, mountId, linuxConstants().AT_EMPTY_PATH);
  if (result === -EOPNOTSUPP) return undefined;
  checked(result, 'name_to_handle_at');
  return Buffer.from(handle.subarray(0, FILE_HANDLE_HEADER_BYTES + handle.readUInt32LE(0)));
}

/**
 * A pidfd from its handle: the descriptor, or the negative errno (ESTALE: the process is gone).
 *
 * @param ownPidfd Opens any pidfd, for kernels (6.14 to 6.16) where the root of pidfs has no number of its own.
 */
export function openPidfdHandle(
  handle: Buffer,
  isThread: boolean,
  ownPidfd: () => Disposable & { fd: number },
): number {
  const flags = linuxConstants().O_CLOEXEC | (isThread ? PIDFD_THREAD : 0);
  const result = openByHandleAt(FD_PIDFS_ROOT, handle, flags);
  if (result !== -EBADF) return result;
  const mount = ownPidfd();
  try {
    return openByHandleAt(mount.fd, handle, flags);
  } finally {
    mount[Symbol.dispose]();
  }
}
