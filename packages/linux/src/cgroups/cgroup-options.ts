/** Options of whatever waits for a cgroup. */
export interface CgroupWaitOptions {
  /** Ends the wait: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most, 0 or more; then `ETIMEDOUT`. */
  timeoutMs?: number | undefined;
}

/** Which controllers the children of a cgroup are to have. */
export interface SubtreeControlChange {
  /** Names such as `'memory'`. */
  enable?: readonly string[] | undefined;
  disable?: readonly string[] | undefined;
}

/** Options of `Cgroup.remove`. */
export interface RemoveCgroupOptions {
  /** Remove the cgroups below first. */
  recursive?: boolean | undefined;
}
