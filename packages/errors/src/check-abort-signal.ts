import { invalidArgType } from './invalid-arg-type.ts';

/**
 * The value, once it is known to be an AbortSignal or `undefined`; whether it is aborted is not asked.
 *
 * @param name The argument, or `options.something`.
 * @param value What the caller gave; an AbortSignal of another realm or library will do.
 * @throws `ERR_INVALID_ARG_TYPE`.
 * @example
 * ```ts
 * import { checkAbortSignal } from '@osx/errors';
 *
 * console.log(checkAbortSignal('options.signal', AbortSignal.abort())?.aborted); // true
 * ```
 */
export function checkAbortSignal(name: string, value: unknown): AbortSignal | undefined {
  if (value === undefined) return undefined;
  if (!isAbortSignal(value)) throw invalidArgType(name, 'an instance of AbortSignal', value);
  return value;
}

function isAbortSignal(value: unknown): value is AbortSignal {
  if (typeof value !== 'object' || value === null) return false;
  try {
    const { aborted, addEventListener, removeEventListener } = value as Record<string, unknown>;
    return (
      typeof aborted === 'boolean' &&
      typeof addEventListener === 'function' &&
      typeof removeEventListener === 'function'
    );
  } catch {
    return false;
  }
}
