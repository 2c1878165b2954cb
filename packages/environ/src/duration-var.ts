import { checkOptions } from '@osx/errors';
import { EnvVar, type VariableOptions } from './env-var.ts';
import { decimalOf, wholeUnits } from './internal/quantity.ts';
import { rangeOf } from './internal/range.ts';
import { VariableType } from './variable-type.ts';

/** Which durations will do, in milliseconds. */
export interface DurationTypeOptions {
  /** Inclusive. Default 0. */
  readonly minMs?: number | undefined;
  /** Inclusive. `2 ** 31 - 1` is the most that a timer of Node can wait. */
  readonly maxMs?: number | undefined;
}

/** Largest first; in nanoseconds. */
const units: readonly (readonly [string, bigint])[] = [
  ['w', 604_800_000_000_000n],
  ['d', 86_400_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['m', 60_000_000_000n],
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1_000n],
  ['ns', 1n],
];

/**
 * A number with a unit (`w`, `d`, `h`, `m`, `s`, `ms`, `us`, `ns`), or several with the larger unit first: `250ms`, `1.5s`,
 * `1h30m`. The value is in milliseconds. A number without a unit is refused, except `0`, for nobody knows which it was to be.
 */
export function durationType(options?: DurationTypeOptions): VariableType<number> {
  const { minMs = 0, maxMs } = checkOptions<DurationTypeOptions>('options', options);
  const range = rangeOf({ min: minMs, max: maxMs }, formatDuration);
  const words = minMs === 0 && maxMs === undefined ? '' : range.words;
  return new VariableType({
    kind: 'duration',
    expected: `a duration${words}, such as 250ms, 1.5s or 1h30m`,
    parse(text) {
      const value = milliseconds(text);
      if (value === undefined)
        return /^\d+(?:\.\d+)?$/.test(text) ? 'must have a unit, such as ms, s, m or h' : undefined;
      return range.has(value) ? { value } : undefined;
    },
    format: (value) => (Number.isFinite(value) && value >= 0 ? formatDuration(value) : undefined),
  });
}

/**
 * A variable that is a duration in milliseconds; see {@link durationType}.
 *
 * @param name Of the variable.
 * @param options Those of the type, and `default`, `required`, `secret`, `description`, `emptyIsUnset`.
 * @throws {TypeError|RangeError} on a bad argument.
 * @example
 * ```ts
 * import { durationVar } from '@osx/environ';
 *
 * const variable = durationVar('TIMEOUT', { maxMs: 60_000 });
 * console.log(variable.get({ environ: { TIMEOUT: '1.5s' } })); // 1500
 * ```
 */
export function durationVar<Required extends boolean = true>(
  name: string,
  options?: DurationTypeOptions & VariableOptions<number, Required>,
): EnvVar<number, Required> {
  return new EnvVar(name, { ...checkOptions('options', options), type: durationType(options) });
}

function milliseconds(text: string): number | undefined {
  if (text === '0') return 0;
  const parts = text.length > 200 ? null : text.match(/[\d.]+[a-z]+/g);
  if (parts === null || parts.join('') !== text) return undefined;
  let total = 0n;
  let largest = -1;
  for (const part of parts) {
    const [, number = '', unit] = /^([\d.]+)([a-z]+)$/.exec(part) ?? [];
    const index = units.findIndex(([name]) => name === unit);
    const decimal = decimalOf(number);
    if (decimal === undefined || index <= largest) return undefined;
    const nanoseconds = wholeUnits(decimal, units[index]?.[1] ?? 0n);
    if (nanoseconds === undefined) return undefined;
    total += nanoseconds;
    largest = index;
  }
  // The nearest number, also where the nanoseconds are too many for one.
  if (total <= Number.MAX_SAFE_INTEGER) return Number(total) / 1e6;
  const value = Number(total / 1_000_000n) + Number(total % 1_000_000n) / 1e6;
  return value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

function formatDuration(value: number): string {
  if (value === 0) return '0s';
  let rest = BigInt(Math.round((value % 1) * 1e6)) + BigInt(Math.trunc(value)) * 1_000_000n;
  let text = '';
  for (const [name, nanoseconds] of units) {
    const count = rest / nanoseconds;
    rest %= nanoseconds;
    if (count > 0n) text += `${count}${name}`;
  }
  return text;
}
