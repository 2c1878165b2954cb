import type { DeviceNumber } from './device-number.ts';

/**
 * /proc/PID/stat: its 52 fields under the names of proc_pid_stat(5), and some of them converted.
 *
 * Times in ticks are of `sysconf(_SC_CLK_TCK)`, 100 a second. Addresses, `wchan`, `startcode` and the like are 0 where the
 * reader may not trace the process.
 */
export interface ProcStat {
  /** 1. */
  readonly pid: number;
  /** 2: the name of the program or thread, 15 bytes at most (kernel threads: 63); any bytes but NUL. */
  readonly comm: string;
  /** 2, exactly. */
  readonly commBytes: Buffer;
  /** 3: `R`, `S`, `D`, `Z`, `T`, `t`, `X`, `I` ... */
  readonly state: string;
  /** 4: 0 when the parent is out of sight. */
  readonly ppid: number;
  /** 5: process group. */
  readonly pgrp: number;
  /** 6. */
  readonly session: number;
  /** 7: see `tty`. */
  readonly ttyNr: number;
  /** 8: foreground process group of the terminal; -1 without one. */
  readonly tpgid: number;
  /** 9: PF_* of the kernel. */
  readonly flags: number;
  /** 10: minor page faults. */
  readonly minflt: number;
  /** 11: of waited-for children. */
  readonly cminflt: number;
  /** 12: major page faults. */
  readonly majflt: number;
  /** 13: of waited-for children. */
  readonly cmajflt: number;
  /** 14: ticks in user mode. */
  readonly utime: number;
  /** 15: ticks in kernel mode. */
  readonly stime: number;
  /** 16: `utime` of waited-for children. */
  readonly cutime: number;
  /** 17: `stime` of waited-for children. */
  readonly cstime: number;
  /** 18. */
  readonly priority: number;
  /** 19. */
  readonly nice: number;
  /** 20. */
  readonly numThreads: number;
  /** 21: always 0. */
  readonly itrealvalue: number;
  /** 22: ticks from boot to the start of the process. With the boot and the pid it names a process. */
  readonly starttime: number;
  /** 23: bytes of address space. */
  readonly vsize: number;
  /** 24: pages in memory; not exact, `status().vmRssBytes` may be better. */
  readonly rss: number;
  /** 25: soft RLIMIT_RSS; 2^64 - 1 is none. */
  readonly rsslim: bigint;
  /** 26. */
  readonly startcode: bigint;
  /** 27. */
  readonly endcode: bigint;
  /** 28. */
  readonly startstack: bigint;
  /** 29. */
  readonly kstkesp: bigint;
  /** 30. */
  readonly kstkeip: bigint;
  /** 31: signals 1 to 31; obsolete, see `status()`. */
  readonly signal: number;
  /** 32: likewise. */
  readonly blocked: number;
  /** 33: likewise. */
  readonly sigignore: number;
  /** 34: likewise. */
  readonly sigcatch: number;
  /** 35: not 0: it waits in the kernel. */
  readonly wchan: bigint;
  /** 36: always 0. */
  readonly nswap: number;
  /** 37: always 0. */
  readonly cnswap: number;
  /** 38: the signal that its parent gets when it ends; -1 for a thread. */
  readonly exitSignal: number;
  /** 39: the processor it ran on last. */
  readonly processor: number;
  /** 40. */
  readonly rtPriority: number;
  /** 41: SCHED_*. */
  readonly policy: number;
  /** 42: ticks spent waiting for block devices. */
  readonly delayacctBlkioTicks: number;
  /** 43: ticks that ran a virtual machine. */
  readonly guestTime: number;
  /** 44: of waited-for children. */
  readonly cguestTime: number;
  /** 45. */
  readonly startData: bigint;
  /** 46. */
  readonly endData: bigint;
  /** 47. */
  readonly startBrk: bigint;
  /** 48. */
  readonly argStart: bigint;
  /** 49. */
  readonly argEnd: bigint;
  /** 50. */
  readonly envStart: bigint;
  /** 51. */
  readonly envEnd: bigint;
  /** 52: how it ended, as waitpid tells it. */
  readonly exitCode: number;

  /** The controlling terminal by its device; null without one. */
  readonly tty: DeviceNumber | null;
  /** `flags` has PF_KTHREAD. */
  readonly isKernelThread: boolean;
  readonly userTimeMs: number;
  readonly systemTimeMs: number;
  readonly childrenUserTimeMs: number;
  readonly childrenSystemTimeMs: number;
  /** From boot (CLOCK_BOOTTIME) to the start of the process. */
  readonly startTimeMs: number;
  /** `rss` in bytes. */
  readonly rssBytes: number;
}
