import { invalidArgType } from './invalid-arg-type.ts';
import { outOfRange } from './out-of-range.ts';

/** What a timer of Node can wait at most, just under 25 days; it fires at once for more. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * A time limit as a timer can take it: `undefined` for none.
 *
 * **Gotchas**: Node's timers fire at once for more than 2147483647 ms (24.8 days), so more is given back as that.
 *
 * @param name The argument, or `options.something`.
 * @param value Milliseconds, 0 or more; `Infinity` and `undefined` mean no limit.
 * @returns Milliseconds, or `undefined` for no limit.
 * @throws `ERR_INVALID_ARG_TYPE` when it is no number, `ERR_OUT_OF_RANGE` when it is negative or NaN.
 * @example
 * ```ts
 * import { checkTimeoutMs } from '@osx/errors';
 *
 * console.log(checkTimeoutMs('timeoutMs', 250), checkTimeoutMs('timeoutMs', Infinity)); // 250 undefined
 * ```
 */
export function checkTimeoutMs(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  if (!(value >= 0)) throw outOfRange(name, '>= 0', value);
  return value === Infinity ? undefined : Math.min(value + 0, longestTimerMs);
}
