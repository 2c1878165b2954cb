import { checkFunction, checkOneOf, checkOptions, checkString, invalidArgValue } from '@osx/errors';
import type { Environ, EnvironOptions } from './environ.ts';
import { ExpansionError } from './expansion-error.ts';
import { environOf, lookUp } from './internal/check-environ.ts';
import { evaluateTemplate, type Variables } from './internal/evaluate-template.ts';
import { expandWindows } from './internal/expand-windows.ts';
import { parseTemplate } from './internal/shell-template.ts';

/** Where variables are looked up, and how they are written. */
export interface ExpandOptions extends EnvironOptions {
  /** `'posix'` (default): `$NAME` and `${...}` of the shell. `'windows'`: `%NAME%`, in whatever case. */
  readonly syntax?: 'posix' | 'windows' | undefined;
  /**
   * What a variable becomes that is not set and has no default: `'empty'` (default for posix), `'keep'` (as it is written; default
   * for windows), `'error'`, or what a function gives; `undefined` from it is empty.
   */
  readonly onUndefined?: 'empty' | 'keep' | 'error' | ((name: string) => string | undefined) | undefined;
  /** Is told of `${NAME:=word}` that took effect. The environment itself is not changed. */
  readonly onAssign?: ((name: string, value: string) => void) | undefined;
}

/**
 * The text with its variables replaced, as the shell does in a here-document: `$NAME`, `${NAME}`, with `:-` `-` `:=` `=` `:?` `?`
 * `:+` `+` (a default, an assigned one, an error, another value), `%` `%%` `#` `##` (a pattern taken off the end or the start),
 * `${#NAME}` (the length), in each other as deep as you like.
 *
 * Values are put in as they are: nothing in them is expanded again, and nothing is ever run: `$(...)` and backquotes are
 * text. So are `$1`, `$$`, `$?` and their like, and a tilde. An assignment holds for the rest of the text only.
 *
 * Quoting: a backslash before `$`, `` ` `` or `\` takes its meaning, and joins lines at the end of one. Quotes are ordinary
 * characters, but within `${...}`: there `"..."` may hold a `}`, and a backslash works before `"` and `}` too; in a pattern, `'...'`,
 * `"..."` and a backslash before any character take away the meaning of `*`, `?` and `[`.
 *
 * **Gotchas**: characters are code points, for `?` and for the length, as in bash in a UTF-8 locale; dash counts bytes.
 *
 * @returns The text; where nothing is to be replaced, an equal one.
 * @throws {ExpansionError} on a bad substitution, wherever it stands; on `${NAME:?word}` and `onUndefined: 'error'` where they apply.
 * @example
 * ```ts
 * import { expandVariables } from '@osx/environ';
 *
 * const environ = { HOST: 'db', FILE: '/var/log/app.log.gz' };
 * console.log(expandVariables('$HOST:${PORT:-5432}, ${FILE%.*}', { environ })); // db:5432, /var/log/app.log
 * ```
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_06_02
 */
export function expandVariables(text: string, options?: ExpandOptions): string {
  checkString('text', text);
  const { syntax = 'posix', onUndefined, onAssign } = checkOptions<ExpandOptions>('options', options);
  checkOneOf('options.syntax', syntax, ['posix', 'windows']);
  if (onUndefined !== undefined && typeof onUndefined !== 'function') {
    checkOneOf('options.onUndefined', onUndefined, ['empty', 'keep', 'error']);
  }
  if (onAssign !== undefined) checkFunction('options.onAssign', onAssign);
  const environ = environOf(options);
  const fallback = onUndefined ?? (syntax === 'posix' ? 'empty' : 'keep');
  if (!text.includes(syntax === 'posix' ? '$' : '%') && !text.includes('\\')) return text;
  if (syntax === 'windows') return expandWindows(text, windowsVariables(environ, fallback));
  return evaluateTemplate(parseTemplate(text), posixVariables(environ, fallback, onAssign));
}

type Fallback = NonNullable<ExpandOptions['onUndefined']>;

function posixVariables(environ: Environ, fallback: Fallback, onAssign: ExpandOptions['onAssign']): Variables {
  const assigned = new Map<string, string>();
  return {
    lookUp: (name) => assigned.get(name) ?? lookUp(environ, name),
    assign(name, value) {
      assigned.set(name, value);
      onAssign?.(name, value);
    },
    undefinedText: (...variable) => undefinedText(fallback, ...variable),
  };
}

/** Names of Windows are the same in upper and in lower case. */
function windowsVariables(environ: Environ, fallback: Fallback): Variables {
  let names: Map<string, string> | undefined;
  return {
    lookUp(name) {
      const exact = lookUp(environ, name);
      if (exact !== undefined) return exact;
      names ??= new Map(Object.keys(environ).map((known) => [known.toUpperCase(), known]));
      const known = names.get(name.toUpperCase());
      return known === undefined ? undefined : lookUp(environ, known);
    },
    assign: () => {},
    undefinedText: (...variable) => undefinedText(fallback, ...variable),
  };
}

function undefinedText(fallback: Fallback, name: string, source: string, offset: number): string {
  if (fallback === 'empty') return '';
  if (fallback === 'keep') return source;
  if (fallback === 'error') {
    throw new ExpansionError(`${name}: parameter not set`, { kind: 'undefined', offset, variable: name });
  }
  const text: unknown = fallback(name);
  if (text !== undefined && typeof text !== 'string') {
    throw invalidArgValue('options.onUndefined', 'a function that gives a string or undefined', fallback);
  }
  return text ?? '';
}
