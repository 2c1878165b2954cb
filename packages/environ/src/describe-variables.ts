import { checkOneOf, checkOptions } from '@osx/errors';
import type { EnvVar } from './env-var.ts';
import type { Environ } from './environ.ts';
import { checkEnviron, lookUp } from './internal/check-environ.ts';
import { isVariableType } from './internal/is-ours.ts';
import { formatWith } from './internal/format-with.ts';
import { markdownTable, textTable } from './internal/tables.ts';
import { resolveVariable } from './internal/resolve-variable.ts';
import { shownValue, withoutCredentials } from './internal/shown.ts';
import { variableEntries } from './internal/variable-entries.ts';
import type { AnySchema, StandardSchema } from './standard-schema.ts';

/** How the table looks. */
export interface DescribeOptions {
  /** `'text'` (default): columns for a terminal. `'markdown'`: a table for a README. */
  readonly format?: 'text' | 'markdown' | undefined;
  /** Adds a column that says what each is in this environment. Default: no such column. */
  readonly environ?: Environ | undefined;
}

/**
 * A table of variables for people: name, what it must be, default, description; generated from the definitions, so that it is
 * never out of date. No secret is in it, nor a secret's default.
 *
 * @param variables An object of {@link EnvVar}s (or types, under the names of the variables), or an array of EnvVars.
 * @returns Lines that end in a line feed each.
 * @example
 * ```ts
 * import { describeVariables, integerVar, stringVar } from '@osx/environ';
 *
 * const port = integerVar('PORT', { min: 1, max: 65_535, default: 8080, description: 'Where to listen' });
 * const token = stringVar('API_TOKEN', { description: 'From the settings page' });
 * console.log(describeVariables([port, token]));
 * // NAME       MUST BE                     DEFAULT   DESCRIPTION
 * // PORT       an integer from 1 to 65535  8080      Where to listen
 * // API_TOKEN  a text, secret              required  From the settings page
 * ```
 */
export function describeVariables(
  variables: Readonly<Record<string, AnySchema>> | readonly EnvVar<unknown, boolean>[],
  options?: DescribeOptions,
): string {
  const { format = 'text', environ } = checkOptions<DescribeOptions>('options', options);
  checkOneOf('options.format', format, ['text', 'markdown']);
  if (environ !== undefined) checkEnviron('options.environ', environ);
  const list = variableEntries('variables', variables).map(([, variable]) => variable);
  const head = ['Name', 'Must be', 'Default', ...(environ === undefined ? [] : ['Is']), 'Description'];
  const rows = list.map((variable) => [
    variable.name,
    `${expectation(variable.type)}${variable.isSecret ? ', secret' : ''}`,
    defaultText(variable),
    ...(environ === undefined ? [] : [state(variable, environ)]),
    variable.description ?? '',
  ]);
  return format === 'text' ? textTable(head, rows) : markdownTable(head, rows);
}

function expectation(type: StandardSchema): string {
  return isVariableType(type) ? type.expected : `a value that ${type['~standard'].vendor} accepts`;
}

function defaultText({ rules: { default: value, type, required, isSecret } }: EnvVar<unknown, boolean>): string {
  if (value === undefined) return required === true ? 'required' : required === false ? 'optional' : '';
  if (isSecret) return '(secret)';
  if (typeof value === 'function') return '(computed)';
  try {
    const text = formatWith(type, value);
    return text === '' ? '(empty)' : withoutCredentials(text);
  } catch {
    return '(of another type)';
  }
}

function state(variable: EnvVar<unknown, boolean>, environ: Environ): string {
  const text = lookUp(environ, variable.name);
  if (text === undefined) {
    // A default that is computed is not asked for a table.
    const isMissing =
      variable.rules.default === undefined && resolveVariable(variable.rules, text, environ).issue !== undefined;
    return isMissing ? 'MISSING' : 'not set';
  }
  const isWrong = resolveVariable(variable.rules, text, environ).issue !== undefined;
  const shown = variable.isSecret ? '(secret)' : text === '' ? '(empty)' : shownValue(text);
  return isWrong ? `WRONG: ${shown}` : shown;
}
