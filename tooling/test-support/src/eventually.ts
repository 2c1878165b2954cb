import { setTimeout as delay } from 'node:timers/promises';

/**
 * Calls `attempt` until it returns something truthy, and returns that; a throw counts as "not yet".
 *
 * @param options `timeoutMs` (default 10,000) and `intervalMs` between two attempts (default 10).
 * @throws The last error of `attempt`, or an Error with its last value, once the time is over.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  options: { timeoutMs?: number; intervalMs?: number } = {},
): Promise<Exclude<T, false | null | undefined | 0 | '' | 0n>> {
  const { timeoutMs = 10_000, intervalMs = 10 } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let last: { value: T } | { error: unknown };
    try {
      last = { value: await attempt() };
      if (last.value) return last.value as Exclude<T, false | null | undefined | 0 | '' | 0n>;
    } catch (error) {
      last = { error };
    }
    if (performance.now() >= deadline) throw lastFailure(last, timeoutMs);
    await delay(intervalMs);
  }
}

function lastFailure(last: { value: unknown } | { error: unknown }, timeoutMs: number): unknown {
  if ('error' in last)
    return new Error(`still failing after ${timeoutMs} ms: ${String(last.error)}`, { cause: last.error });
  return new Error(`not so after ${timeoutMs} ms: last value ${String(last.value)}`);
}
