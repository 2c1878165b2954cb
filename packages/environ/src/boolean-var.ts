import { checkOptions } from '@osx/errors';
import { EnvVar, type VariableOptions } from './env-var.ts';
import { VariableType } from './variable-type.ts';

const spellings: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
  ['yes', true],
  ['no', false],
  ['on', true],
  ['off', false],
]);

/**
 * `true`, `1`, `yes`, `on` and `false`, `0`, `no`, `off`, in upper, lower or mixed case. Everything else is refused, the empty
 * text, `t` and `enabled` too: a switch that is misspelt must not be off in silence.
 */
export function booleanType(): VariableType<boolean> {
  return new VariableType({
    kind: 'boolean',
    expected: 'true, false, 1, 0, yes, no, on or off',
    parse(text) {
      const value =
        spellings.get(text) ?? (/^[A-Za-z]{2,5}$/.test(text) ? spellings.get(text.toLowerCase()) : undefined);
      return value === undefined ? undefined : { value };
    },
    format: (value) => (typeof value === 'boolean' ? String(value) : undefined),
  });
}

/**
 * A variable that is true or false; see {@link booleanType}.
 *
 * @param name Of the variable.
 * @param options `default`, `required`, `secret`, `description`, `emptyIsUnset`.
 * @throws {TypeError|RangeError} on a bad argument.
 * @example
 * ```ts
 * import { booleanVar } from '@osx/environ';
 *
 * const variable = booleanVar('DEBUG', { default: false });
 * console.log(variable.get({ environ: { DEBUG: 'Yes' } })); // true
 * ```
 */
export function booleanVar<Required extends boolean = true>(
  name: string,
  options?: VariableOptions<boolean, Required>,
): EnvVar<boolean, Required> {
  return new EnvVar(name, { ...checkOptions('options', options), type: booleanType() });
}
