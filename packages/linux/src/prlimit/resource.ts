import type { RLIMITS } from '../internal/rlimit-constants.ts';

/** A limited resource: RLIMIT_NOFILE is `nofile`, and so on, as prlimit(1) spells them. */
export type Resource = keyof typeof RLIMITS;

/** RLIM_INFINITY where limits are bigints; where they are numbers it is `Infinity`. */
export const RLIM_INFINITY: bigint = 2n ** 64n - 1n;

/** A limit: what holds, and how far the process itself may raise it. In the resource's own unit; `Infinity`: no limit. */
export interface ResourceLimit<Value extends number | bigint = number> {
  /** What the kernel enforces. */
  soft: Value;
  /** The ceiling of `soft`; without CAP_SYS_RESOURCE it can only be lowered. */
  hard: Value;
}

/** Whose limits, and as what. */
export interface ResourceLimitOptions {
  /**
   * Another process, by its pid; default: this one. A pid is a number: take that of a child which you have not reaped, or hold a pidfd
   * (`@osx/linux/pidfd`) and look again afterwards.
   */
  pid?: number | undefined;
  /** Limits as bigints, exact beyond 2^53, with {@link RLIM_INFINITY}; default false. */
  bigint?: boolean | undefined;
}
