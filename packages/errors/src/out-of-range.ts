import { argumentError, argumentMessage } from './internal/argument-error.ts';
import { receivedValue } from './internal/received.ts';

/**
 * The error for a number outside its bounds, like Node's `ERR_OUT_OF_RANGE`.
 *
 * @param name The argument, or `options.something`.
 * @param expected Ends the sentence "must be ...": `>= 0`.
 * @param value What was given; shown safely, whatever it is.
 * @returns The error, to be thrown.
 * @example
 * ```ts
 * import { outOfRange } from '@osx/errors';
 *
 * console.log(outOfRange('timeoutMs', '>= 0', NaN).message);
 * // The "timeoutMs" argument must be >= 0. Received NaN
 * ```
 */
export function outOfRange(name: string, expected: string, value: unknown): RangeError & { code: string } {
  const error = new RangeError(argumentMessage(name, expected, receivedValue(value)));
  return argumentError(error, 'ERR_OUT_OF_RANGE', outOfRange);
}
