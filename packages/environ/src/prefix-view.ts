import { checkString, invalidArgValue } from '@osx/errors';
import type { MutableEnviron, MutableEnvironOptions } from './environ.ts';
import { checkVariableName, checkVariableValue, lookUp, mutableEnvironOf } from './internal/check-environ.ts';
import { prefixOf, rememberPrefix } from './internal/prefixes.ts';
import { write } from './internal/scopes.ts';

/**
 * The variables whose names begin with a prefix, under their names without it: a live environment for whatever of this package
 * takes one.
 *
 * Reading, writing, deleting and listing go through to the environment beneath; what is no text is refused, where `process.env`
 * would make text of it. What is wrong is reported under whole names.
 *
 * **Gotchas**: a variable that is called like the prefix and no more is not in the view, for nothing is left of its name.
 *
 * @param prefix Such as `APP_`; case matters.
 * @returns Views of views are fine.
 * @example
 * ```ts
 * import { integerVar, prefixView, readVariables } from '@osx/environ';
 *
 * const environ = prefixView('APP_', { environ: { APP_PORT: '80', HOME: '/srv' } });
 * console.log(Object.keys(environ), readVariables({ port: integerVar('PORT') }, { environ })); // [ 'PORT' ] { port: 80 }
 * ```
 */
export function prefixView(prefix: string, options?: MutableEnvironOptions): MutableEnviron {
  if (checkString('prefix', prefix) === '') throw invalidArgValue('prefix', 'not empty', prefix);
  const environ = mutableEnvironOf(options);
  const inner = (name: string): string | undefined => (name === '' ? undefined : lookUp(environ, prefix + name));

  const view = new Proxy<MutableEnviron>(Object.create(null) as MutableEnviron, {
    has: (_, name) => typeof name === 'string' && inner(name) !== undefined,
    get: (_, name) => (typeof name === 'string' ? inner(name) : undefined),
    set: (_, name, value: unknown) => typeof name === 'string' && put(name, value),
    defineProperty: (_, name, field) => typeof name === 'string' && 'value' in field && put(name, field.value),
    deleteProperty: (_, name) => typeof name !== 'string' || Reflect.deleteProperty(environ, prefix + name),
    getPrototypeOf: () => null,
    setPrototypeOf: () => false,
    preventExtensions: () => false,
    ownKeys: () =>
      Object.keys(environ)
        .filter((name) => name.startsWith(prefix) && name.length > prefix.length && lookUp(environ, name) !== undefined)
        .map((name) => name.slice(prefix.length)),
    getOwnPropertyDescriptor(_, name) {
      const value = typeof name === 'string' ? inner(name) : undefined;
      return value === undefined ? undefined : { value, writable: true, enumerable: true, configurable: true };
    },
  });

  function put(name: string, value: unknown): boolean {
    checkVariableName('name', name);
    write(environ, prefix + name, value === undefined ? undefined : checkVariableValue(name, value));
    return true;
  }

  rememberPrefix(view, prefixOf(environ) + prefix);
  return view;
}
