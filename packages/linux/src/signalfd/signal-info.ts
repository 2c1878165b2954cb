/**
 * One signal as the kernel tells it (`struct signalfd_siginfo`). What is optional is there only for the ways of sending that
 * fill it.
 */
export interface SignalInfo {
  /** `SIGUSR1`, `SIGRTMIN+3`. */
  readonly signal: string;
  readonly signalNumber: number;
  /** How it was sent (`si_code`): positive by the kernel, 0 or less by a process. */
  readonly code: number;
  /**
   * The code's name: `SI_USER` (kill), `SI_QUEUE` (sigqueue), `SI_TKILL` (to a thread), `SI_KERNEL`, `SI_TIMER`, ..., of SIGCHLD
   * `CLD_EXITED` and so on, of SIGIO `POLL_IN` and so on; undefined for a number that has none.
   */
  readonly codeName: string | undefined;
  readonly errno: number;
  /** Who sent it; for SIGCHLD the child. 0: the kernel, or a process of another pid namespace. */
  readonly pid?: number;
  /** Real user id of the sender; for SIGCHLD of the child. */
  readonly uid?: number;
  /** What the sender gave with it, as `sival_int` and as `sival_ptr`: two views of the same eight bytes. */
  readonly value?: number;
  readonly pointer?: bigint;
  /** SIGCHLD: exit code for `CLD_EXITED`, else the signal that ended, stopped or continued the child. */
  readonly status?: number;
  /** SIGCHLD: processor time of the child, in clock ticks (100 a second nearly everywhere). */
  readonly userTicks?: bigint;
  readonly systemTicks?: bigint;
  /** SIGIO: the descriptor that is ready, and its `poll` events. */
  readonly fd?: number;
  readonly band?: number;
  /** `SI_TIMER`: the kernel's id of the timer, and how often it expired unseen. */
  readonly timerId?: number;
  readonly overrun?: number;
}
