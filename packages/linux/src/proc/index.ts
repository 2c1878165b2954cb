/**
 * proc(5), parsed: processes pinned by their directory in /proc, and what the kernel tells of itself.
 *
 * Addresses, bit masks, inodes, file offsets and limits are bigints; counts, sizes in bytes and times are numbers.
 *
 * @module
 */
export type { CpuProcessor, Cpuinfo } from './cpuinfo.ts';
export type { EpollTarget, InotifyMark, ProcFdinfo, TimerfdState } from './proc-fdinfo.ts';
export { listProcesses } from './list-processes.ts';
export type { Loadavg } from './loadavg.ts';
export type { Meminfo } from './meminfo.ts';
export type { MountInfo, MountPropagation } from './mount-info.ts';
export { openProcess } from './open-process.ts';
export type { DeviceNumber } from './device-number.ts';
export type { ProcLimit } from './proc-limit.ts';
export type { ProcLink } from './proc-link.ts';
export type { ProcLock } from './proc-lock.ts';
export type { ProcProcess } from './proc-process.ts';
export type { ProcStat } from './proc-stat.ts';
export type { ProcIds, ProcStatus, SignalSet } from './proc-status.ts';
export type { BufferEncodingOption, TextEncodingOption } from './encoding-option.ts';
export { pageSize, roundToPageSize } from './page-size.ts';
export { readCpuinfo } from './read-cpuinfo.ts';
export { readLoadavg } from './read-loadavg.ts';
export { readLocks } from './read-locks.ts';
export { readMeminfo } from './read-meminfo.ts';
export { readMountinfo } from './read-mountinfo.ts';
