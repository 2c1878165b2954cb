import { argumentError, argumentMessage } from './internal/argument-error.ts';
import { receivedValue } from './internal/received.ts';

/**
 * The error for an argument of the right type that cannot be used, like Node's `ERR_INVALID_ARG_VALUE`.
 *
 * @param name The argument, or `options.something`.
 * @param expected Ends the sentence "must be ...": `one of 'ofd', 'posix'`.
 * @param value What was given; shown safely, whatever it is.
 * @param options `cause`: the error that told so, if there was one.
 * @returns The error, to be thrown.
 * @example
 * ```ts
 * import { invalidArgValue } from '@osx/errors';
 *
 * console.log(invalidArgValue('options.kind', "'ofd' or 'posix'", 'ofc').message);
 * // The "options.kind" property must be 'ofd' or 'posix'. Received 'ofc'
 * ```
 */
export function invalidArgValue(
  name: string,
  expected: string,
  value: unknown,
  options?: { readonly cause?: unknown },
): TypeError & { code: string } {
  const error = new TypeError(argumentMessage(name, expected, receivedValue(value)), options);
  return argumentError(error, 'ERR_INVALID_ARG_VALUE', invalidArgValue);
}
