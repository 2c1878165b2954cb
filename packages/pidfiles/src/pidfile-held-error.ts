import type { SystemError } from '@osx/errors';

/** The error of `acquirePidfile()` when another process has the pidfile. */
export interface PidfileHeldError extends SystemError {
  /** Who has it, as the kernel says; undefined where it does not say (another container, another user's process). */
  readonly ownerPid: number | undefined;
}
