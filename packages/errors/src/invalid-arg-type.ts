import { argumentError, argumentMessage } from './internal/argument-error.ts';
import { receivedType } from './internal/received.ts';

/**
 * The error for an argument of the wrong type, like Node's `ERR_INVALID_ARG_TYPE`.
 *
 * @param name The argument, or `options.something`.
 * @param expected Ends the sentence "must be ...": `of type number`.
 * @param value What was given; shown safely, whatever it is.
 * @returns The error, to be thrown.
 * @example
 * ```ts
 * import { invalidArgType } from '@osx/errors';
 *
 * console.log(invalidArgType('fd', 'of type number', '3').message);
 * // The "fd" argument must be of type number. Received type string ('3')
 * ```
 */
export function invalidArgType(name: string, expected: string, value: unknown): TypeError & { code: string } {
  const error = new TypeError(argumentMessage(name, expected, receivedType(value)));
  return argumentError(error, 'ERR_INVALID_ARG_TYPE', invalidArgType);
}
