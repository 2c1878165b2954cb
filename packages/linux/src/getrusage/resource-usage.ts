/** What was used so far. Linux keeps no others of the fields of `struct rusage`. */
export interface ResourceUsage {
  /** Processor time in user mode (ru_utime). */
  userMicroseconds: number;
  /** Processor time in the kernel (ru_stime). */
  systemMicroseconds: number;
  /**
   * The most memory that was resident at a time (ru_maxrss), in bytes. Of `children`: that of the largest child, not their sum. Of
   * `thread`: the whole process's.
   */
  maxResidentBytes: number;
  /** Page faults that needed no I/O (ru_minflt). */
  minorFaults: number;
  /** Page faults that waited for I/O (ru_majflt). */
  majorFaults: number;
  /** Reads of 512-byte blocks that reached a disk (ru_inblock). */
  blocksRead: number;
  /** Writes of 512-byte blocks on their way to a disk (ru_oublock). */
  blocksWritten: number;
  /** Times that it waited of its own accord (ru_nvcsw). */
  voluntarySwitches: number;
  /** Times that it was put aside for another (ru_nivcsw). */
  involuntarySwitches: number;
}
