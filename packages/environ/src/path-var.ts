import { isAbsolute, resolve } from 'node:path';
import { checkBoolean, checkOptions, checkString } from '@osx/errors';
import { EnvVar, type VariableOptions } from './env-var.ts';
import { expandUser } from './expand-user.ts';
import { VariableType } from './variable-type.ts';

/** Which paths will do, and what becomes of them. */
export interface PathTypeOptions {
  /** Refuse a relative path; after `~` was expanded, if it is to be. Default false. */
  readonly absolute?: boolean | undefined;
  /** Make a relative path absolute from here, such as `import.meta.dirname`. Default: left as it is. */
  readonly relativeTo?: string | undefined;
  /** Expand `~` and `~user` as {@link expandUser} does. Default false. */
  readonly expandUser?: boolean | undefined;
}

/** A path as text: not empty. Nothing is looked up in the file system. */
export function pathType(options?: PathTypeOptions): VariableType<string> {
  const {
    absolute = false,
    relativeTo,
    expandUser: expands = false,
  } = checkOptions<PathTypeOptions>('options', options);
  checkBoolean('options.absolute', absolute);
  checkBoolean('options.expandUser', expands);
  if (relativeTo !== undefined) checkString('options.relativeTo', relativeTo);
  return new VariableType({
    kind: 'path',
    expected: absolute ? 'an absolute path' : 'a path that is not empty',
    parse(text, environ) {
      const path = expands ? expandUser(text, { environ }) : text;
      if (path === '' || path.includes('\0') || (absolute && !isAbsolute(path))) return undefined;
      return { value: relativeTo === undefined ? path : resolve(relativeTo, path) };
    },
    format: (value) => (typeof value === 'string' ? value : undefined),
  });
}

/**
 * A variable that is a path; see {@link pathType}.
 *
 * @param name Of the variable.
 * @param options Those of the type, and `default`, `required`, `secret`, `description`, `emptyIsUnset`.
 * @throws {TypeError|RangeError} on a bad argument.
 * @example
 * ```ts
 * import { pathVar } from '@osx/environ';
 *
 * const variable = pathVar('DATA', { expandUser: true });
 * console.log(variable.get({ environ: { DATA: '~/data', HOME: '/srv/ada' } })); // /srv/ada/data
 * ```
 */
export function pathVar<Required extends boolean = true>(
  name: string,
  options?: PathTypeOptions & VariableOptions<string, Required>,
): EnvVar<string, Required> {
  return new EnvVar(name, { ...checkOptions('options', options), type: pathType(options) });
}
