import { checkInteger, checkOptions, invalidArgType, outOfRange } from '@osx/errors';
import { EnvVar, type VariableOptions } from './env-var.ts';
import { VariableType } from './variable-type.ts';

/** Which texts will do. */
export interface StringTypeOptions {
  /** Characters (code points) at least; 1 refuses the empty text, which is a value otherwise. Default 0. */
  readonly minLength?: number | undefined;
  /** Characters at most. */
  readonly maxLength?: number | undefined;
  /** The whole text must match, as if between `^` and `$`. */
  readonly pattern?: RegExp | undefined;
}

/** Any text as it is: not trimmed, and the empty one too unless `minLength` says otherwise. */
export function stringType(options?: StringTypeOptions): VariableType<string> {
  const { minLength = 0, maxLength = Infinity, pattern } = checkOptions<StringTypeOptions>('options', options);
  checkInteger('options.minLength', minLength, { min: 0 });
  if (maxLength !== Infinity) checkInteger('options.maxLength', maxLength, { min: 0 });
  if (minLength > maxLength) throw outOfRange('options.maxLength', `>= ${minLength}`, maxLength);
  const whole = pattern === undefined ? undefined : wholePattern(pattern);
  return new VariableType({
    kind: 'string',
    expected: expectation(minLength, maxLength, pattern),
    parse(text) {
      const length = minLength === 0 && maxLength === Infinity ? 0 : lengthOf(text);
      return length < minLength || length > maxLength || whole?.test(text) === false ? undefined : { value: text };
    },
    format: (value) => (typeof value === 'string' ? value : undefined),
  });
}

/**
 * A variable that is a text; see {@link stringType}.
 *
 * @param name Of the variable.
 * @param options Those of the type, and `default`, `required`, `secret`, `description`, `emptyIsUnset`.
 * @throws {TypeError|RangeError} on a bad argument.
 * @example
 * ```ts
 * import { stringVar } from '@osx/environ';
 *
 * const variable = stringVar('NAME', { minLength: 1 });
 * console.log(variable.get({ environ: { NAME: 'ada' } })); // ada
 * ```
 */
export function stringVar<Required extends boolean = true>(
  name: string,
  options?: StringTypeOptions & VariableOptions<string, Required>,
): EnvVar<string, Required> {
  return new EnvVar(name, { ...checkOptions('options', options), type: stringType(options) });
}

/** Without `g` and `y`, which would make it remember. */
function wholePattern(pattern: unknown): RegExp {
  if (Object.prototype.toString.call(pattern) !== '[object RegExp]') {
    throw invalidArgType('options.pattern', 'an instance of RegExp', pattern);
  }
  const { source, flags } = pattern as RegExp;
  return new RegExp(`^(?:${source})$`, flags.replaceAll(/[gym]/g, ''));
}

function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

function expectation(min: number, max: number, pattern: RegExp | undefined): string {
  const characters = (count: number): string => `${count} character${count === 1 ? '' : 's'}`;
  const length =
    max === Infinity
      ? min === 0
        ? ''
        : ` of at least ${characters(min)}`
      : min === max
        ? ` of ${characters(min)}`
        : min === 0
          ? ` of at most ${characters(max)}`
          : ` of ${min} to ${characters(max)}`;
  return `a text${length}${pattern === undefined ? '' : ` that matches ${String(pattern)}`}`;
}
