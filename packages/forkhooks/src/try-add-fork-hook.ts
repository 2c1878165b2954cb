import { AddedForkHook } from './added-fork-hook.ts';
import type { ForkHook } from './fork-hook.ts';
import { checkForkHook, register } from './internal/registration.ts';

/**
 * {@link addForkHook}, or null where there is a hook with this key.
 *
 * @param hook See {@link addForkHook}.
 * @returns To be closed; null when nothing was added.
 * @throws {TypeError|RangeError} on a bad argument, also when the key is taken.
 * @throws {SystemError|UnsupportedError} as {@link addForkHook}, but for the key.
 * @example
 * ```ts
 * import { tryAddForkHook } from '@osx/forkhooks';
 *
 * using first = tryAddForkHook({ key: 'once' });
 * console.log(first?.key, tryAddForkHook({ key: 'once' })); // once null
 * ```
 */
export function tryAddForkHook(hook: ForkHook): AddedForkHook | null {
  const registration = checkForkHook(hook);
  return register(registration) ? new AddedForkHook(registration) : null;
}
