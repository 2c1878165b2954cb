import { hasCode } from '@osx/errors';
import { describeVariables, type DescribeOptions } from './describe-variables.ts';
import type { EnvVar } from './env-var.ts';
import { EnvironError, type EnvironIssue } from './environ-error.ts';
import type { Environ, EnvironOptions } from './environ.ts';
import { checkEnviron, environOf, lookUp } from './internal/check-environ.ts';
import { nameIn } from './internal/prefixes.ts';
import { resultBuilder } from './internal/result-builder.ts';
import { resolveVariable } from './internal/resolve-variable.ts';
import { variableEntries } from './internal/variable-entries.ts';
import type { AnySchema, OutputOf, StandardProperties, StandardSchema } from './standard-schema.ts';

/**
 * The variables of a program: under each key an {@link EnvVar}, or a type (a {@link VariableType}, a Standard Schema) of the
 * variable that is called like the key.
 */
export type VariablesShape = Readonly<Record<string, AnySchema>>;

/** What reading them gives. */
export type VariablesOf<Shape extends VariablesShape> = { readonly [Key in keyof Shape]: OutputOf<Shape[Key]> };

/** The variables of a program, to be read and described; a Standard Schema for a whole environment. */
export interface Variables<Shape extends VariablesShape> extends StandardSchema<Environ, VariablesOf<Shape>> {
  /** By key, in the order of the shape. */
  readonly variables: Readonly<Record<keyof Shape, EnvVar<unknown, boolean>>>;
  /** As {@link readVariables}. */
  read(options?: EnvironOptions): VariablesOf<Shape>;
  /** As {@link describeVariables}. */
  describe(options?: DescribeOptions): string;
}

/**
 * The variables of a program, to be kept: the definition is checked once, here, and read as often as wanted.
 *
 * @param shape An {@link EnvVar} under each key, or the type of the variable that is called like the key.
 * @throws {TypeError} on a definition that cannot be.
 * @example
 * ```ts
 * import { booleanType, defineVariables, stringVar } from '@osx/environ';
 *
 * const variables = defineVariables({ token: stringVar('GITHUB_TOKEN'), CI: booleanType() });
 * console.log(variables.read({ environ: { GITHUB_TOKEN: 'ghp_x', CI: 'true' } }));
 * // { token: [secret], CI: true }
 * ```
 */
export function defineVariables<Shape extends VariablesShape>(shape: Shape): Variables<Shape> {
  const entries = variableEntries('shape', shape);
  const allRules = entries.map(([, { rules }]) => rules);
  const build = resultBuilder(entries);

  function tryRead(environ: Environ): { value: VariablesOf<Shape> } | { issues: EnvironIssue[] } {
    const issues: EnvironIssue[] = [];
    const values: unknown[] = [];
    for (const rules of allRules) {
      const outcome = resolveVariable(rules, lookUp(environ, rules.name), environ);
      if (outcome.issue === undefined) values.push(outcome.value);
      else issues.push(nameIn(environ, outcome.issue));
    }
    return issues.length === 0 ? { value: build(values) as VariablesOf<Shape> } : { issues };
  }

  const standard: StandardProperties<Environ, VariablesOf<Shape>> = {
    version: 1,
    vendor: '@osx/environ',
    validate(value) {
      try {
        return tryRead(checkEnviron('environ', value));
      } catch (error) {
        // No environment, or one that holds other things than strings: an issue of the schema, not of its caller.
        if (error instanceof TypeError && hasCode(error, 'ERR_INVALID_ARG_TYPE'))
          return { issues: [{ message: error.message }] };
        throw error;
      }
    },
  };
  const variables = Object.freeze(Object.fromEntries(entries)) as Variables<Shape>['variables'];
  return {
    variables,
    read(options) {
      const outcome = tryRead(environOf(options));
      if ('issues' in outcome) throw new EnvironError(outcome.issues);
      return outcome.value;
    },
    describe: (options) => describeVariables(variables, options),
    '~standard': standard,
  };
}
