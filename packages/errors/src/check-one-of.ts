import { receivedValue } from './internal/received.ts';
import { invalidArgValue } from './invalid-arg-value.ts';

/**
 * The value, once it is known to be one of the allowed ones.
 *
 * @param name The argument, or `options.something`.
 * @param value What the caller gave.
 * @param allowed All that will do.
 * @throws `ERR_INVALID_ARG_VALUE`, also for a value of another type.
 * @example
 * ```ts
 * import { checkOneOf } from '@osx/errors';
 *
 * console.log(checkOneOf('kind', 'ofd', ['ofd', 'posix'])); // ofd
 * ```
 */
export function checkOneOf<const T extends string | number | boolean | null | undefined>(
  name: string,
  value: unknown,
  allowed: readonly T[],
): T {
  if (!(allowed as readonly unknown[]).includes(value)) {
    throw invalidArgValue(name, `one of ${allowed.map(receivedValue).join(', ')}`, value);
  }
  return value as T;
}
