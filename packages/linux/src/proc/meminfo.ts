/** The system's memory (/proc/meminfo); sizes in bytes. What this kernel does not tell is undefined. */
export interface Meminfo {
  readonly memTotalBytes: number;
  readonly memFreeBytes: number;
  /** What could be had without swapping (Linux 3.14): the figure to look at. */
  readonly memAvailableBytes: number | undefined;
  readonly buffersBytes: number | undefined;
  readonly cachedBytes: number | undefined;
  readonly swapCachedBytes: number | undefined;
  readonly activeBytes: number | undefined;
  readonly inactiveBytes: number | undefined;
  readonly swapTotalBytes: number | undefined;
  readonly swapFreeBytes: number | undefined;
  readonly dirtyBytes: number | undefined;
  readonly writebackBytes: number | undefined;
  readonly anonPagesBytes: number | undefined;
  readonly mappedBytes: number | undefined;
  readonly shmemBytes: number | undefined;
  readonly slabBytes: number | undefined;
  readonly slabReclaimableBytes: number | undefined;
  readonly commitLimitBytes: number | undefined;
  readonly committedBytes: number | undefined;
  /** Every line under the kernel's name: bytes where it says kB, else a count (`HugePages_Total`). */
  readonly fields: ReadonlyMap<string, number>;
}
