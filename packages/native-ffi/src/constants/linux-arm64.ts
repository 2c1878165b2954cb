/** What has a number of its own on Linux arm64. */
export const LINUX_ARM64 = {
  // <fcntl.h>
  O_DIRECT: 0o200000,
  O_DIRECTORY: 0o40000,
  O_NOFOLLOW: 0o100000,
  O_TMPFILE: 0o20040000,
  // <sys/syscall.h>
  SYS_epoll_pwait: 22,
  SYS_getdents64: 61,
  SYS_futex: 98,
  SYS_timer_create: 107,
  SYS_timer_settime: 110,
  SYS_prctl: 167,
  SYS_prlimit64: 261,
  SYS_name_to_handle_at: 264,
  SYS_open_by_handle_at: 265,
  SYS_renameat2: 276,
  SYS_memfd_create: 279,
  SYS_preadv2: 286,
  SYS_pwritev2: 287,
  SYS_pidfd_send_signal: 424,
  SYS_pidfd_open: 434,
  SYS_openat2: 437,
} as const;
