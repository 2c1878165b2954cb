import { invalidArgType } from './invalid-arg-type.ts';

/**
 * The options object, or an empty one for `undefined`; the caller's is never changed or copied.
 *
 * **Gotchas**: `null`, arrays, functions and byte views are refused, for each is a sign of arguments in the wrong order.
 *
 * @param name The argument.
 * @param value What the caller gave.
 * @throws `ERR_INVALID_ARG_TYPE`.
 * @example
 * ```ts
 * import { checkOptions } from '@osx/errors';
 *
 * function open(path: string, options?: { mode?: number }) {
 *   const { mode = 0o666 } = checkOptions('options', options);
 *   return mode;
 * }
 * console.log(open('a'), open('a', { mode: 0o600 })); // 438 384
 * ```
 */
export function checkOptions<T extends object>(name: string, value: T | undefined): Partial<T> {
  if (value === undefined) return {};
  if (!isOptions(value)) throw invalidArgType(name, 'of type object', value);
  return value;
}

function isOptions(value: unknown): boolean {
  try {
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
  } catch {
    // Array.isArray throws for a revoked Proxy.
    return false;
  }
}
