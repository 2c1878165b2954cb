import { fstatSync, statfsSync } from 'node:fs';

import { closeNative } from '@osx/fds';
import { defineSyscall, nonNegativeOrError } from '@osx/native-ffi';

const pidfdOpen = defineSyscall({ number: 'SYS_pidfd_open', parameters: ['int', 'uint'], decode: nonNegativeOrError });

/** <linux/magic.h> of Linux 6.9; older kernels give all pidfds one inode. */
const PID_FS_MAGIC = 0x50494446;

/** The inode of a pidfd of this process, which no other one has while the system runs; undefined before Linux 6.9. */
export function ownPidfdId(): bigint | undefined {
  const pidfd = pidfdOpen(process.pid, 0);
  if (pidfd < 0) return undefined;
  try {
    if (statfsSync(`/proc/self/fd/${pidfd}`).type !== PID_FS_MAGIC) return undefined;
    return fstatSync(pidfd, { bigint: true }).ino;
  } catch {
    // No /proc: the pid alone must do.
    return undefined;
  } finally {
    closeNative(pidfd);
  }
}
