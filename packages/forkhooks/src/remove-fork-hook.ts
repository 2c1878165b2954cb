import { findRegistration } from './internal/hook-registry.ts';
import { checkKey, unregister } from './internal/registration.ts';

/**
 * Removes the hook with this key, for who does not have what {@link addForkHook} returned.
 *
 * @param key A string that is not empty, or a symbol.
 * @returns Whether there was one.
 * @throws {TypeError} on a bad argument.
 * @example
 * ```ts
 * import { addForkHook, removeForkHook } from '@osx/forkhooks';
 *
 * addForkHook({ key: 'a' });
 * console.log(removeForkHook('a'), removeForkHook('a')); // true false
 * ```
 */
export function removeForkHook(key: string | symbol): boolean {
  const registration = findRegistration(checkKey('key', key));
  if (registration === undefined) return false;
  unregister(registration);
  return true;
}
