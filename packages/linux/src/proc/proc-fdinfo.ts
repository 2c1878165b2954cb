import type { DeviceNumber } from './device-number.ts';
import type { ProcLock } from './proc-lock.ts';
import type { SignalSet } from './proc-status.ts';

/** A watch of an inotify descriptor. */
export interface InotifyMark {
  readonly wd: number;
  readonly inode: bigint;
  readonly device: DeviceNumber;
  readonly mask: number;
}

/** A descriptor that an epoll descriptor watches. */
export interface EpollTarget {
  /** Number that it had when it was added; it may be closed by now, or another's. */
  readonly fd: number;
  readonly events: number;
  readonly data: bigint;
  readonly pos: bigint;
  readonly inode: bigint;
  readonly device: DeviceNumber;
}

/** The timer of a timerfd. */
export interface TimerfdState {
  /** CLOCK_*. */
  readonly clockId: number;
  /** Expirations that were not read yet. */
  readonly ticks: bigint;
  /** TFD_TIMER_*, as it was set. */
  readonly settimeFlags: number;
  /** Until the next expiration; 0: disarmed. */
  readonly valueNs: bigint;
  readonly intervalNs: bigint;
}

/** /proc/PID/fdinfo/FD. What the descriptor is not is undefined. */
export interface ProcFdinfo {
  /** File offset. */
  readonly pos: bigint;
  /** Access mode and status flags (O_*), with O_CLOEXEC. */
  readonly flags: number;
  readonly isCloseOnExec: boolean;
  /** Mount (`readMountinfo`) of the file (Linux 3.15). */
  readonly mntId: number | undefined;
  /** Inode of the file (Linux 5.14). */
  readonly ino: bigint | undefined;
  /** Locks that this open file holds; of POSIX locks, those of the process on the file. */
  readonly locks: readonly ProcLock[];
  /** Its watches; empty also where it is no inotify descriptor. */
  readonly inotify: readonly InotifyMark[];
  /** Count and, from Linux 5.2, id; `isSemaphore` from Linux 6.5. */
  readonly eventfd:
    | { readonly count: bigint; readonly id: number | undefined; readonly isSemaphore: boolean | undefined }
    | undefined;
  /** What it watches; empty also where it is no epoll descriptor. */
  readonly epoll: readonly EpollTarget[];
  readonly timerfd: TimerfdState | undefined;
  readonly signalfd: SignalSet | undefined;
  /** `pid` is -1 once the process is reaped, 0 when it is out of sight. */
  readonly pidfd: { readonly pid: number; readonly nsPid: readonly number[] } | undefined;
  /** Every line under what stands before its colon, for the kinds that are not known here. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}
