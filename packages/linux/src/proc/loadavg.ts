/** The load of the system (/proc/loadavg). */
export interface Loadavg {
  /** Mean number of tasks that ran, waited to run or waited for the disk, over the last minute; 5 minutes; 15 minutes. */
  readonly averages: readonly [number, number, number];
  /** Tasks that run or could. */
  readonly runnable: number;
  /** Tasks, threads of the kernel included. */
  readonly total: number;
  /** The pid given away last, in this pid namespace. */
  readonly lastPid: number;
}
