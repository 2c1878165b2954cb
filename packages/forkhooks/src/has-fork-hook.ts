import { findRegistration } from './internal/hook-registry.ts';
import { checkKey } from './internal/registration.ts';

/**
 * Whether there is a hook with this key in this thread.
 *
 * @param key A string that is not empty, or a symbol.
 * @throws {TypeError} on a bad argument.
 * @example
 * ```ts
 * import { addForkHook, hasForkHook } from '@osx/forkhooks';
 *
 * {
 *   using hook = addForkHook({ key: 'a' });
 *   console.log(hasForkHook('a')); // true
 * }
 * console.log(hasForkHook('a')); // false
 * ```
 */
export function hasForkHook(key: string | symbol): boolean {
  return findRegistration(checkKey('key', key)) !== undefined;
}
