import { invalidArgType } from './invalid-arg-type.ts';

/**
 * The value, once it is known to be `true` or `false`; nothing else is taken for either.
 *
 * @param name The argument, or `options.something`.
 * @param value What the caller gave.
 * @throws `ERR_INVALID_ARG_TYPE`.
 * @example
 * ```ts
 * import { checkBoolean } from '@osx/errors';
 *
 * console.log(checkBoolean('options.shared', false)); // false
 * ```
 */
export function checkBoolean(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw invalidArgType(name, 'of type boolean', value);
  return value;
}
