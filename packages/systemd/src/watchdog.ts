import { checkBoolean, checkOptions } from '@osx/errors';

import { environmentInteger, namesThisProcess } from './internal/environment-integer.ts';

export interface WatchdogOptions {
  /** Takes `WATCHDOG_USEC` and `WATCHDOG_PID` out of `process.env`, whatever comes of the call. */
  unsetEnvironment?: boolean | undefined;
}

/** What the manager expects of this process. */
export interface WatchdogRequest {
  /** Without a sign of life for so long, the service counts as hung. */
  readonly timeoutMs: number;
  /** How often to give one: half of it. */
  readonly intervalMs: number;
}

/**
 * Whether the manager watches over this process, and how often it wants a sign of life (`sd_watchdog_enabled`).
 *
 * @returns null when it does not: `$WATCHDOG_USEC` is not set, or `$WATCHDOG_PID` names another process, of which this one
 *   inherited the variables.
 * @throws {SystemError} `ERR_OSX_INVALID_ENVIRONMENT` when a variable is no such number.
 * @example
 * ```ts
 * import { watchdog } from '@osx/systemd';
 *
 * console.log(watchdog()); // null, or { timeoutMs: 30000, intervalMs: 15000 } under WatchdogSec=30
 * ```
 * @see https://www.freedesktop.org/software/systemd/man/latest/sd_watchdog_enabled.html
 */
export function watchdog(options: WatchdogOptions = {}): WatchdogRequest | null {
  const { unsetEnvironment = false } = checkOptions('options', options) as WatchdogOptions;
  checkBoolean('options.unsetEnvironment', unsetEnvironment);
  try {
    if (process.env['WATCHDOG_USEC'] === undefined || !namesThisProcess('WATCHDOG_PID')) return null;
    const timeoutUsec = environmentInteger('WATCHDOG_USEC', { min: 1n, max: 2n ** 64n - 2n }) as bigint;
    return { timeoutMs: Number(timeoutUsec) / 1_000, intervalMs: Number(timeoutUsec) / 2_000 };
  } finally {
    if (unsetEnvironment) for (const name of ['WATCHDOG_USEC', 'WATCHDOG_PID']) delete process.env[name];
  }
}
