/** What has a number of its own on Linux x86-64. */
export const LINUX_X64 = {
  // <fcntl.h>
  O_DIRECT: 0o40000,
  O_DIRECTORY: 0o200000,
  O_NOFOLLOW: 0o400000,
  O_TMPFILE: 0o20200000,
  // <sys/syscall.h>
  SYS_prctl: 157,
  SYS_futex: 202,
  SYS_getdents64: 217,
  SYS_timer_create: 222,
  SYS_timer_settime: 223,
  SYS_epoll_pwait: 281,
  SYS_prlimit64: 302,
  SYS_name_to_handle_at: 303,
  SYS_open_by_handle_at: 304,
  SYS_renameat2: 316,
  SYS_memfd_create: 319,
  SYS_preadv2: 327,
  SYS_pwritev2: 328,
  SYS_pidfd_send_signal: 424,
  SYS_pidfd_open: 434,
  SYS_openat2: 437,
} as const;
