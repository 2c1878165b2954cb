// <sys/signalfd.h>, <bits/siginfo-consts.h>: one set of values on x64 and arm64.

/** Flags of signalfd. */
export const SFD_NONBLOCK = 0o4000;
export const SFD_CLOEXEC = 0o2000000;

/** `si_code` of any signal. */
export const SI_CODES = {
  SI_USER: 0,
  SI_KERNEL: 0x80,
  SI_QUEUE: -1,
  SI_TIMER: -2,
  SI_MESGQ: -3,
  SI_ASYNCIO: -4,
  SI_SIGIO: -5,
  SI_TKILL: -6,
  SI_DETHREAD: -7,
  SI_ASYNCNL: -60,
} as const;

/** `si_code` of SIGCHLD. */
export const CLD_CODES = {
  CLD_EXITED: 1,
  CLD_KILLED: 2,
  CLD_DUMPED: 3,
  CLD_TRAPPED: 4,
  CLD_STOPPED: 5,
  CLD_CONTINUED: 6,
} as const;

/** `si_code` of SIGIO, and of the signal that F_SETSIG chose instead. */
export const POLL_CODES = {
  POLL_IN: 1,
  POLL_OUT: 2,
  POLL_MSG: 3,
  POLL_ERR: 4,
  POLL_PRI: 5,
  POLL_HUP: 6,
} as const;

/** SIGCHLD of <signal.h>. */
export const SIGCHLD = 17;
