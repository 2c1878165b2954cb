import { invalidArgType } from '@osx/errors';
import type { Environ } from './environ.ts';
import { variableTypeBrand } from './internal/brand.ts';
import { withheldValue } from './internal/withheld-value.ts';
import type { StandardProperties, StandardResult, StandardSchema } from './standard-schema.ts';

/** What a type is made of. */
export interface VariableTypeDefinition<Value> {
  /** One word for the table: `integer`. */
  readonly kind: string;
  /** Ends the sentence "must be ...": `an integer from 1 to 65535`. */
  readonly expected: string;
  /**
   * The value; when the text will not do, a sentence's end ("must ...", which never repeats the text), or `undefined` for "must be"
   * and what is expected. What it throws is told as an issue.
   */
  parse(text: string, environ: Environ): { readonly value: Value } | string | undefined;
  /** The text that parses to the value; `undefined` when the value is of another type. */
  format(value: Value): string | undefined;
}

/**
 * How the text of a variable becomes a value, and back. Itself a Standard Schema, from `string`.
 *
 * Made by {@link stringType}, {@link integerType} and their like. For a type of your own use any Standard Schema, or make one
 * of these.
 *
 * @example
 * ```ts
 * import { EnvVar, VariableType } from '@osx/environ';
 *
 * const color = new VariableType({
 *   kind: 'color',
 *   expected: 'a color such as #ff0000',
 *   parse: (text) => (/^#[\da-f]{6}$/.test(text) ? { value: Number.parseInt(text.slice(1), 16) } : undefined),
 *   format: (value) => `#${value.toString(16).padStart(6, '0')}`,
 * });
 * console.log(new EnvVar('ACCENT', { type: color }).get({ environ: { ACCENT: '#0000ff' } })); // 255
 * ```
 */
export class VariableType<Value> implements StandardSchema<string, Value> {
  readonly kind: string;
  readonly expected: string;
  readonly #definition: VariableTypeDefinition<Value>;

  constructor(definition: VariableTypeDefinition<Value>) {
    this.kind = definition.kind;
    this.expected = definition.expected;
    this.#definition = definition;
  }

  /**
   * The value of a text, or what is wrong with it.
   *
   * @param environ Where a path's `~` and the like are looked up. Default: `process.env`.
   */
  parse(text: string, environ: Environ = process.env): StandardResult<Value> {
    let parsed: ReturnType<VariableTypeDefinition<Value>['parse']>;
    try {
      parsed = this.#definition.parse(text, environ);
    } catch (error) {
      // As one issue among others: a home directory that is not there, for instance.
      return { issues: [{ message: `cannot be read (${error instanceof Error ? error.message : 'its type threw'})` }] };
    }
    if (typeof parsed === 'object') return parsed;
    return { issues: [{ message: parsed ?? `must be ${this.expected}` }] };
  }

  /**
   * The text of a value.
   *
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE` when the value is of another type.
   */
  format(value: Value): string {
    const text = this.#definition.format(value);
    if (text === undefined)
      throw invalidArgType('value', `for a variable that must be ${this.expected}`, withheldValue(value));
    return text;
  }

  /** @internal */
  get [variableTypeBrand](): true {
    return true;
  }

  get '~standard'(): StandardProperties<string, Value> {
    return {
      version: 1,
      vendor: '@osx/environ',
      validate: (value) =>
        typeof value === 'string' ? this.parse(value) : { issues: [{ message: 'must be a string' }] },
    };
  }
}
