import { checkOptions, invalidArgType } from '@osx/errors';
import { EnvVar, type VariableOptions } from './env-var.ts';
import { VariableType } from './variable-type.ts';

/** Which URLs will do. */
export interface UrlTypeOptions {
  /** Such as `['https:']`; the colon may be left out. Default: any. */
  readonly protocols?: readonly string[] | undefined;
}

/** What `new URL` would drop or mend without a word. */
// oxlint-disable-next-line no-control-regex
const dropped = /[\u0000-\u0020\u007f]/;

/**
 * An absolute URL, as a `URL` of its own for each reading. `new URL` drops spaces, tabs and line feeds; here they are refused.
 *
 * **Gotchas**: `localhost:8080` is a URL, of the scheme `localhost`; name the `protocols` to refuse it.
 */
export function urlType(options?: UrlTypeOptions): VariableType<URL> {
  const { protocols } = checkOptions<UrlTypeOptions>('options', options);
  const allowed = protocols === undefined ? undefined : new Set(normalized(protocols));
  return new VariableType({
    kind: 'url',
    expected:
      allowed === undefined
        ? 'a URL'
        : `a URL that begins with ${[...allowed].map((name) => `${name}//`).join(' or ')}`,
    parse(text) {
      const value = dropped.test(text) ? null : URL.parse(text);
      return value === null || allowed?.has(value.protocol) === false ? undefined : { value };
    },
    format: (value) => (Object.prototype.toString.call(value) === '[object URL]' ? value.href : undefined),
  });
}

/**
 * A variable that is a URL; see {@link urlType}.
 *
 * @param name Of the variable.
 * @param options Those of the type, and `default`, `required`, `secret`, `description`, `emptyIsUnset`.
 * @throws {TypeError|RangeError} on a bad argument.
 * @example
 * ```ts
 * import { urlVar } from '@osx/environ';
 *
 * const variable = urlVar('BASE', { protocols: ['https'] });
 * console.log(variable.get({ environ: { BASE: 'https://example.org' } }).host); // example.org
 * ```
 */
export function urlVar<Required extends boolean = true>(
  name: string,
  options?: UrlTypeOptions & VariableOptions<URL, Required>,
): EnvVar<URL, Required> {
  return new EnvVar(name, { ...checkOptions('options', options), type: urlType(options) });
}

function normalized(protocols: readonly unknown[]): string[] {
  if (!Array.isArray(protocols)) throw invalidArgType('options.protocols', 'an instance of Array', protocols);
  return protocols.map((protocol: unknown) => {
    if (typeof protocol !== 'string') throw invalidArgType('options.protocols', 'an array of strings', protocol);
    return `${protocol.toLowerCase().replace(/:$/, '')}:`;
  });
}
