/** A set of signals as the kernel's bit mask: bit n - 1 is signal n. */
export interface SignalSet {
  readonly mask: bigint;
  /** In order of their numbers; `SIGRTMIN` is 34, and `SIG32` and `SIG33` are the C library's own. */
  readonly names: readonly string[];
}

/** The four of a process, for user and group. */
export interface ProcIds {
  readonly real: number;
  readonly effective: number;
  readonly saved: number;
  readonly filesystem: number;
}

/**
 * /proc/PID/status: its main fields, and all of them raw in `fields`. What the kernel does not tell is undefined, as is all
 * memory of zombies and kernel threads. Ids are as seen by this process's user and pid namespaces.
 */
export interface ProcStatus {
  /** Name, with the escapes for newline and backslash undone. */
  readonly name: string;
  /** Umask (Linux 4.7). */
  readonly umask: number | undefined;
  /** State: the letter. */
  readonly state: string;
  /** Tgid: the process; other than `pid` for a thread. */
  readonly tgid: number;
  /** Pid. */
  readonly pid: number;
  /** PPid; 0 when out of sight. */
  readonly ppid: number;
  /** TracerPid; 0: not traced. */
  readonly tracerPid: number;
  /** Uid. */
  readonly uid: ProcIds;
  /** Gid. */
  readonly gid: ProcIds;
  /** FDSize: slots of its table of descriptors. */
  readonly fdSize: number | undefined;
  /** Groups. */
  readonly groups: readonly number[];
  /** NStgid: in each pid namespace, from this procfs's inward. */
  readonly nsTgid: readonly number[];
  /** NSpid. */
  readonly nsPid: readonly number[];
  /** NSpgid. */
  readonly nsPgid: readonly number[];
  /** NSsid. */
  readonly nsSid: readonly number[];
  /** VmPeak: the most address space. */
  readonly vmPeakBytes: number | undefined;
  /** VmSize: address space. */
  readonly vmSizeBytes: number | undefined;
  /** VmLck: locked. */
  readonly vmLckBytes: number | undefined;
  /** VmHWM: the most that was in memory. */
  readonly vmHwmBytes: number | undefined;
  /** VmRSS: in memory. */
  readonly vmRssBytes: number | undefined;
  /** RssAnon (Linux 4.5). */
  readonly rssAnonBytes: number | undefined;
  /** RssFile. */
  readonly rssFileBytes: number | undefined;
  /** RssShmem. */
  readonly rssShmemBytes: number | undefined;
  /** VmData. */
  readonly vmDataBytes: number | undefined;
  /** VmStk. */
  readonly vmStkBytes: number | undefined;
  /** VmSwap. */
  readonly vmSwapBytes: number | undefined;
  /** Threads. */
  readonly threads: number;
  /** SigQ: signals queued for its real user. */
  readonly sigQueued: number;
  /** SigQ: RLIMIT_SIGPENDING; 2^64 - 1 is no limit. */
  readonly sigQueueLimit: bigint;
  /** SigPnd: pending for the thread. */
  readonly sigPnd: SignalSet;
  /** ShdPnd: pending for the process. */
  readonly shdPnd: SignalSet;
  /** SigBlk: blocked by the thread, of a process its first. */
  readonly sigBlk: SignalSet;
  /** SigIgn. */
  readonly sigIgn: SignalSet;
  /** SigCgt: handled. */
  readonly sigCgt: SignalSet;
  /** CapInh: bit n is capability n. */
  readonly capInh: bigint;
  /** CapPrm. */
  readonly capPrm: bigint;
  /** CapEff. */
  readonly capEff: bigint;
  /** CapBnd. */
  readonly capBnd: bigint;
  /** CapAmb (Linux 4.3). */
  readonly capAmb: bigint | undefined;
  /** NoNewPrivs (Linux 4.10). */
  readonly noNewPrivs: boolean | undefined;
  /** Seccomp. */
  readonly seccomp: 'disabled' | 'strict' | 'filter' | undefined;
  /** Seccomp_filters (Linux 5.9). */
  readonly seccompFilters: number | undefined;
  /** Cpus_allowed_list, as `0-3,8`. */
  readonly cpusAllowedList: string | undefined;
  /** Mems_allowed_list. */
  readonly memsAllowedList: string | undefined;
  /** voluntary_ctxt_switches, of the thread. */
  readonly voluntaryCtxtSwitches: number | undefined;
  /** nonvoluntary_ctxt_switches, of the thread. */
  readonly nonvoluntaryCtxtSwitches: number | undefined;
  /** Every line under the kernel's name, without the blanks around the value. */
  readonly fields: ReadonlyMap<string, string>;
}
