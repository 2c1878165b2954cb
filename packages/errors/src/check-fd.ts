import { checkInteger } from './check-integer.ts';

/**
 * The value, once it is known to be a possible file descriptor: an integer from 0 to 2147483647.
 *
 * @param name The argument, or `options.something`.
 * @param value What the caller gave.
 * @throws `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE`.
 * @example
 * ```ts
 * import { checkFd } from '@osx/errors';
 *
 * console.log(checkFd('fd', 2)); // 2
 * ```
 */
export function checkFd(name: string, value: unknown): number {
  return checkInteger(name, value, { min: 0, max: 2 ** 31 - 1 });
}
