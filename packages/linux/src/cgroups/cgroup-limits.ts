/** How much processor time a cgroup gets: `quotaUs` in each `periodUs`, both in microseconds. */
export interface CpuMax {
  /** 1,000 or more; `Infinity` for no limit. Twice the period means two processors. */
  quotaUs: number;
  /** 1,000 to 1,000,000; when it is left out of what is set, it stays as it is (100,000 at first). */
  periodUs?: number | undefined;
}

/**
 * The limits with a type of their own, by the name of their file; `Infinity` is the kernel's `max`. Any other one, such as
 * `io.max`, is `write`n as text.
 */
export interface CgroupLimits {
  /** Bytes that are never reclaimed. */
  'memory.min': number;
  /** Bytes that are reclaimed only when nothing else is left. */
  'memory.low': number;
  /** Bytes above which the processes are slowed down and reclaimed from. */
  'memory.high': number;
  /** Bytes above which the out-of-memory killer comes. */
  'memory.max': number;
  'memory.swap.high': number;
  'memory.swap.max': number;
  /** How many processes and threads. */
  'pids.max': number;
  'cpu.max': CpuMax;
  /** 1 to 10,000; 100 at first. */
  'cpu.weight': number;
  /** How deep the tree below may be. */
  'cgroup.max.depth': number;
  /** How many cgroups there may be below. */
  'cgroup.max.descendants': number;
}
