// <linux/pidfd.h>, <linux/fcntl.h>, <linux/magic.h>: newer than the headers of most systems; one set of values on every
// architecture.

/** pidfd_open flag (Linux 6.9): O_EXCL. */
export const PIDFD_THREAD = 0o200;

/** pidfd_send_signal flags (Linux 6.9). */
export const PIDFD_SIGNAL_THREAD = 1;
export const PIDFD_SIGNAL_THREAD_GROUP = 2;
export const PIDFD_SIGNAL_PROCESS_GROUP = 4;

/** Bits of `pidfd_info.mask`; all but the last come unasked. */
export const PIDFD_INFO_PID = 1n << 0n;
export const PIDFD_INFO_CGROUPID = 1n << 2n;
export const PIDFD_INFO_EXIT = 1n << 3n;

/** sizeof(struct pidfd_info) of Linux 6.13, with `exit_code` (6.15) in what was padding before. */
const PIDFD_INFO_SIZE = 64;
/** `_IOWR(0xFF, 11, struct pidfd_info)`; the kernel looks at the size in it to know which fields to fill. */
export const PIDFD_GET_INFO = ((3 << 30) >>> 0) | (PIDFD_INFO_SIZE << 16) | (0xff << 8) | 11;

/** Root of pidfs as a directory descriptor (Linux 6.17). */
export const FD_PIDFS_ROOT = -10002;
/** f_type of pidfs (Linux 6.9); older kernels give all pidfds one anonymous inode. */
export const PID_FS_MAGIC = 0x50494446;

/** <bits/waitflags.h>, <bits/siginfo-consts.h>. */
export const CLD_EXITED = 1;
export const CLD_KILLED = 2;
export const CLD_DUMPED = 3;

/** <bits/poll.h>. */
export const POLLIN = 1;
