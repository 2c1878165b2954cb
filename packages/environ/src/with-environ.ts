import { checkFunction, checkOptions, invalidArgType } from '@osx/errors';
import type { Environ, MutableEnvironOptions } from './environ.ts';
import { checkVariableName, checkVariableValue, mutableEnvironOf } from './internal/check-environ.ts';
import { openScope } from './internal/scopes.ts';

/**
 * Runs a function with some variables set or taken away, and puts back what was: what was not set is not set again, what was
 * empty is empty.
 *
 * When the function gives a promise, that is when the promise is settled. Scopes nest, and may end in any order. Nothing is
 * changed when any name or value will not do.
 *
 * **Gotchas**: an environment belongs to the whole thread. What runs concurrently sees the values too: give `{ environ }` to what takes
 * it, and `{ env }` to children.
 *
 * @param values Texts by name; `undefined` takes the variable away meanwhile.
 * @param callback Is called at once.
 * @returns What the callback gives; a promise, where it gives something with a `then`.
 * @throws {TypeError} on a bad name or value, before the callback is called; else what the callback throws.
 * @example
 * ```ts
 * import { withEnviron } from '@osx/environ';
 *
 * const text = withEnviron({ TZ: 'Asia/Tokyo' }, () => new Date(0).getHours());
 * console.log(text); // 9
 * ```
 */
export function withEnviron<Result>(values: Environ, callback: () => Result, options?: MutableEnvironOptions): Result {
  checkFunction('callback', callback);
  const environ = mutableEnvironOf(options);
  const close = openScope(environ, checkedEntries(values));
  let result: Result;
  try {
    result = callback();
  } catch (error) {
    close();
    throw error;
  }
  if (isThenable(result)) return Promise.resolve(result).finally(close) as Result;
  close();
  return result;
}

function checkedEntries(values: Environ): [string, string | undefined][] {
  if (values === undefined) throw invalidArgType('values', 'of type object', values);
  return Object.entries(checkOptions<Environ>('values', values)).map(([name, value]) => {
    checkVariableName('values', name);
    return [name, value === undefined ? undefined : checkVariableValue(`values.${name}`, value)];
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  const isHolder = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isHolder && typeof (value as { then?: unknown }).then === 'function';
}
