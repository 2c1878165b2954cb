import { invalidArgType } from './invalid-arg-type.ts';

/**
 * The value, once it is known to be a function.
 *
 * @param name The argument, or `options.something`.
 * @param value What the caller gave.
 * @throws `ERR_INVALID_ARG_TYPE`.
 * @example
 * ```ts
 * import { checkFunction } from '@osx/errors';
 *
 * console.log(checkFunction('callback', Math.max) === Math.max); // true
 * ```
 */
export function checkFunction<T>(name: string, value: T): T & ((...args: never[]) => unknown) {
  if (typeof value !== 'function') throw invalidArgType(name, 'of type function', value);
  return value as T & ((...args: never[]) => unknown);
}
