import { invalidArgType } from './invalid-arg-type.ts';
import { outOfRange } from './out-of-range.ts';

/**
 * The value, once it is known to be a safe integer within the bounds; `-0` becomes `0`.
 *
 * @param name The argument, or `options.something`.
 * @param value What the caller gave.
 * @param bounds Inclusive; default: the safe integers.
 * @throws `ERR_INVALID_ARG_TYPE` when it is no number, `ERR_OUT_OF_RANGE` when it is no integer or out of bounds.
 * @example
 * ```ts
 * import { checkInteger } from '@osx/errors';
 *
 * console.log(checkInteger('mode', 0o644, { min: 0, max: 0o7777 })); // 420
 * ```
 */
export function checkInteger(
  name: string,
  value: unknown,
  bounds: { readonly min?: number; readonly max?: number } = {},
): number {
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = bounds;
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < min || value > max) throw outOfRange(name, `>= ${min} and <= ${max}`, value);
  return value + 0;
}
