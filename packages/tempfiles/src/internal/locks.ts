import { hasCode } from '@osx/errors';
import { flock } from '@osx/fcntl';
import { isNativeAvailable } from '@osx/native-ffi';

/** What the file system has to say to a wish for a lock. */
export type LockAnswer = 'granted' | 'refused' | 'impossible';

/** flock(2) without waiting; locks of this kind are what systemd-tmpfiles looks for, and what dies with its owner. */
export function tryFlock(fd: number, kind: 'shared' | 'exclusive'): LockAnswer {
  if (!isNativeAvailable()) return 'impossible';
  try {
    flock(fd, kind);
    return 'granted';
  } catch (error) {
    if (hasCode(error, 'EAGAIN')) return 'refused';
    // What a file system says that has no locks, or none on what is open for reading.
    if (hasCode(error, ['ENOLCK', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSYS', 'EINVAL', 'EBADF'])) return 'impossible';
    throw error;
  }
}

export function unlock(fd: number): void {
  if (isNativeAvailable()) flock(fd, 'unlock');
}
