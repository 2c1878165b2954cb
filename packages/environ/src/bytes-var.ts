import { checkOptions } from '@osx/errors';
import { EnvVar, type VariableOptions } from './env-var.ts';
import { decimalOf, wholeUnits } from './internal/quantity.ts';
import { rangeOf } from './internal/range.ts';
import { VariableType } from './variable-type.ts';

/** Which sizes will do, in bytes. */
export interface BytesTypeOptions {
  /** Inclusive. Default 0. */
  readonly minBytes?: number | undefined;
  /** Inclusive. Default: `Number.MAX_SAFE_INTEGER`, 8 PiB less one. */
  readonly maxBytes?: number | undefined;
}

const units: ReadonlyMap<string, bigint> = new Map([
  ['', 1n],
  ['B', 1n],
  ...['kB', 'MB', 'GB', 'TB', 'PB'].map((name, index) => [name, 1000n ** BigInt(index + 1)] as const),
  ...['KiB', 'MiB', 'GiB', 'TiB', 'PiB'].map((name, index) => [name, 1024n ** BigInt(index + 1)] as const),
]);
const binary = ['PiB', 'TiB', 'GiB', 'MiB', 'KiB'] as const;

/**
 * A number of bytes: bare, or with `B`, `kB` `MB` `GB` `TB` `PB` (powers of 1000) or `KiB` `MiB` `GiB` `TiB` `PiB` (powers of
 * 1024). A fraction is fine where whole bytes come out: `1.5GiB`. `K`, `M`, `KB` and `mb` are refused, for each is 1000 to some
 * and 1024 to others.
 */
export function bytesType(options?: BytesTypeOptions): VariableType<number> {
  const { minBytes = 0, maxBytes } = checkOptions<BytesTypeOptions>('options', options);
  const range = rangeOf({ min: minBytes, max: maxBytes }, formatBytes);
  const words = minBytes === 0 && maxBytes === undefined ? '' : range.words;
  return new VariableType({
    kind: 'bytes',
    expected: `a size${words}, such as 512, 64kB or 1.5GiB`,
    parse(text) {
      const [, number = '', unit = ''] = /^([\d.]+)([A-Za-z]*)$/.exec(text.slice(0, 64)) ?? [];
      const decimal = decimalOf(number);
      const factor = units.get(unit);
      if (decimal !== undefined && factor === undefined && /^[kmgtp]i?b?$/i.test(unit)) {
        const prefix = unit.charAt(0).toUpperCase();
        return `must have the unit ${prefix === 'K' ? 'k' : prefix}B (powers of 1000) or ${prefix}iB (powers of 1024)`;
      }
      if (decimal === undefined || factor === undefined || text.length > 64) return undefined;
      const value = Number(wholeUnits(decimal, factor) ?? NaN);
      return Number.isSafeInteger(value) && range.has(value) ? { value } : undefined;
    },
    format: (value) => (Number.isSafeInteger(value) && value >= 0 ? formatBytes(value) : undefined),
  });
}

/**
 * A variable that is a number of bytes; see {@link bytesType}.
 *
 * @param name Of the variable.
 * @param options Those of the type, and `default`, `required`, `secret`, `description`, `emptyIsUnset`.
 * @throws {TypeError|RangeError} on a bad argument.
 * @example
 * ```ts
 * import { bytesVar } from '@osx/environ';
 *
 * const variable = bytesVar('MEMORY', { minBytes: 1024 });
 * console.log(variable.get({ environ: { MEMORY: '64KiB' } })); // 65536
 * ```
 */
export function bytesVar<Required extends boolean = true>(
  name: string,
  options?: BytesTypeOptions & VariableOptions<number, Required>,
): EnvVar<number, Required> {
  return new EnvVar(name, { ...checkOptions('options', options), type: bytesType(options) });
}

function formatBytes(value: number): string {
  if (value === 0 || !Number.isSafeInteger(value)) return String(value);
  for (const unit of binary) {
    const factor = Number(units.get(unit));
    if (value % factor === 0) return `${value / factor}${unit}`;
  }
  return String(value);
}
