import { checkOptions } from '@osx/errors';
import { EnvVar, type VariableOptions } from './env-var.ts';
import { rangeOf } from './internal/range.ts';
import { VariableType } from './variable-type.ts';

/** Which numbers will do. */
export interface NumberTypeOptions {
  /** Inclusive. */
  readonly min?: number | undefined;
  /** Inclusive. */
  readonly max?: number | undefined;
}

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A number as JSON writes it: no `+`, spaces, leading zeros, `.5`, `5.`, `0x`, `Infinity`, `NaN`, and none too large to hold. */
export function numberType(options?: NumberTypeOptions): VariableType<number> {
  const range = rangeOf(checkOptions<NumberTypeOptions>('options', options));
  return new VariableType({
    kind: 'number',
    expected: `a number${range.words}`,
    parse(text) {
      const value = jsonNumber.test(text) ? Number(text) : NaN;
      return Number.isFinite(value) && range.has(value) ? { value } : undefined;
    },
    format: (value) => (Number.isFinite(value) ? (Object.is(value, -0) ? '-0' : String(value)) : undefined),
  });
}

/**
 * A variable that is a number; see {@link numberType}.
 *
 * @param name Of the variable.
 * @param options Those of the type, and `default`, `required`, `secret`, `description`, `emptyIsUnset`.
 * @throws {TypeError|RangeError} on a bad argument.
 * @example
 * ```ts
 * import { numberVar } from '@osx/environ';
 *
 * const variable = numberVar('RATIO', { min: 0, max: 1 });
 * console.log(variable.get({ environ: { RATIO: '0.25' } })); // 0.25
 * ```
 */
export function numberVar<Required extends boolean = true>(
  name: string,
  options?: NumberTypeOptions & VariableOptions<number, Required>,
): EnvVar<number, Required> {
  return new EnvVar(name, { ...checkOptions('options', options), type: numberType(options) });
}
