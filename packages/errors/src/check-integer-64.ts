import { invalidArgType } from './invalid-arg-type.ts';
import { outOfRange } from './out-of-range.ts';

/**
 * The value as a bigint, once it is known to be an integer within the bounds.
 *
 * **Gotchas**: a number beyond `Number.MAX_SAFE_INTEGER` is refused, for it is not the number that was meant.
 *
 * @param name The argument, or `options.something`.
 * @param value What the caller gave: a number or a bigint.
 * @param bounds Inclusive; default: the signed 64-bit integers.
 * @throws `ERR_INVALID_ARG_TYPE` when it is neither, `ERR_OUT_OF_RANGE` when it is no integer or out of bounds.
 * @example
 * ```ts
 * import { checkInteger64 } from '@osx/errors';
 *
 * console.log(checkInteger64('start', 10, { min: 0 })); // 10n
 * ```
 */
export function checkInteger64(
  name: string,
  value: unknown,
  bounds: { readonly min?: number | bigint; readonly max?: number | bigint } = {},
): bigint {
  if (typeof value !== 'bigint' && typeof value !== 'number') {
    throw invalidArgType(name, 'of type number or bigint', value);
  }
  const { min = -(2n ** 63n), max = 2n ** 63n - 1n } = bounds;
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw outOfRange(name, 'a safe integer or a bigint', value);
  if (value < min || value > max) throw outOfRange(name, `>= ${min} and <= ${max}`, value);
  return BigInt(value);
}
