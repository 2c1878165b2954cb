import { invalidArgType } from './invalid-arg-type.ts';

/**
 * The value, once it is known to be a string; an empty one is a string too.
 *
 * @param name The argument, or `options.something`.
 * @param value What the caller gave.
 * @throws `ERR_INVALID_ARG_TYPE`.
 * @example
 * ```ts
 * import { checkString } from '@osx/errors';
 *
 * console.log(checkString('prefix', 'log-')); // log-
 * ```
 */
export function checkString(name: string, value: unknown): string {
  if (typeof value !== 'string') throw invalidArgType(name, 'of type string', value);
  return value;
}
