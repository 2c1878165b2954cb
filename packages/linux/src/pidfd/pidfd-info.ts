/** What the kernel tells of a process that is not reaped (`PIDFD_GET_INFO`). Ids are as seen by the caller. */
export interface PidfdInfo {
  readonly pid: number;
  /** Pid of the process that a thread belongs to; for a process its own. */
  readonly threadGroupId: number;
  /** 0 when the parent is out of sight, in another pid namespace. */
  readonly parentPid: number;
  readonly realUid: number;
  readonly realGid: number;
  readonly effectiveUid: number;
  readonly effectiveGid: number;
  readonly savedUid: number;
  readonly savedGid: number;
  readonly filesystemUid: number;
  readonly filesystemGid: number;
  /** Inode of its cgroup (v2); undefined where the kernel has no cgroups. */
  readonly cgroupId: bigint | undefined;
}
