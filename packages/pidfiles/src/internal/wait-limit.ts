import { checkTimeoutMs } from '@osx/errors';

/** `options.timeoutMs`, checked; undefined for no limit, which may be said as Infinity too. */
export function waitLimit(timeoutMs: number | undefined): number | undefined {
  return timeoutMs === Infinity ? undefined : checkTimeoutMs('options.timeoutMs', timeoutMs);
}
