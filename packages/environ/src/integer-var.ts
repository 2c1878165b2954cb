import { checkOptions } from '@osx/errors';
import { EnvVar, type VariableOptions } from './env-var.ts';
import { rangeOf } from './internal/range.ts';
import { VariableType } from './variable-type.ts';

/** Which integers will do. */
export interface IntegerTypeOptions {
  /** Inclusive. Default: `Number.MIN_SAFE_INTEGER`. */
  readonly min?: number | undefined;
  /** Inclusive. Default: `Number.MAX_SAFE_INTEGER`. */
  readonly max?: number | undefined;
}

const decimal = /^(?:0|-?[1-9]\d{0,15})$/;

/**
 * Decimal digits with an optional minus, and nothing else: no `+`, spaces, leading zeros (octal to some), `0x`, `1e3`, `-0`.
 * A number that JavaScript cannot hold exactly is refused.
 */
export function integerType(options?: IntegerTypeOptions): VariableType<number> {
  const range = rangeOf(checkOptions<IntegerTypeOptions>('options', options));
  return new VariableType({
    kind: 'integer',
    expected: `an integer${range.words}`,
    parse(text) {
      const value = decimal.test(text) ? Number(text) : NaN;
      return Number.isSafeInteger(value) && range.has(value) ? { value } : undefined;
    },
    format: (value) => (Number.isSafeInteger(value) ? String(value + 0) : undefined),
  });
}

/**
 * A variable that is an integer; see {@link integerType}.
 *
 * @param name Of the variable.
 * @param options Those of the type, and `default`, `required`, `secret`, `description`, `emptyIsUnset`.
 * @throws {TypeError|RangeError} on a bad argument.
 * @example
 * ```ts
 * import { integerVar } from '@osx/environ';
 *
 * const variable = integerVar('PORT', { min: 1, max: 65_535 });
 * console.log(variable.get({ environ: { PORT: '8080' } })); // 8080
 * ```
 */
export function integerVar<Required extends boolean = true>(
  name: string,
  options?: IntegerTypeOptions & VariableOptions<number, Required>,
): EnvVar<number, Required> {
  return new EnvVar(name, { ...checkOptions('options', options), type: integerType(options) });
}
