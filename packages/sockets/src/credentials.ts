/** Who a process is to the kernel, as of this process's pid and user namespace. */
export interface Credentials {
  /** 0 for a process that this pid namespace does not see. */
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}
