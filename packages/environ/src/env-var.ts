import { checkBoolean, checkOptions, checkString, invalidArgType, invalidArgValue } from '@osx/errors';
import { EnvironError } from './environ-error.ts';
import type { EnvironOptions, MutableEnvironOptions } from './environ.ts';
import { anyText } from './internal/any-text.ts';
import {
  checkVariableName,
  checkVariableValue,
  environOf,
  lookUp,
  mutableEnvironOf,
} from './internal/check-environ.ts';
import { formatWith } from './internal/format-with.ts';
import { envVarBrand } from './internal/brand.ts';
import { isVariableType } from './internal/is-ours.ts';
import { nameIn } from './internal/prefixes.ts';
import { invalidIssue, resolveVariable, type Rules } from './internal/resolve-variable.ts';
import { openScope, write } from './internal/scopes.ts';
import { namesSecret } from './internal/shown.ts';
import { checkSchema, readerOf } from './internal/validate-text.ts';
import type { StandardProperties, StandardSchema } from './standard-schema.ts';

/** What there is to say of any variable, whatever its type. */
export interface VariableOptions<Value, Required extends boolean = true> {
  /** For people: what it is good for. */
  readonly description?: string | undefined;
  /**
   * The value when it is not set; a function is called each time. It is not checked against the type. With a default nothing
   * is missing, whatever `required` says.
   */
  readonly default?: NoInfer<Value> | (() => NoInfer<Value>) | undefined;
  /**
   * Whether it is an error when it is not set; if not, the value is `undefined`. Default true, but for the schema of another
   * library, which is asked what it makes of `undefined`.
   */
  readonly required?: Required | undefined;
  /** Never show its value, nor its default. Default: whether the name has a word such as PASSWORD, TOKEN, KEY, SECRET. */
  readonly secret?: boolean | undefined;
  /** Take the empty text as not set. Default false: it is a text, and what is wrong with it is told. */
  readonly emptyIsUnset?: boolean | undefined;
}

/** The options of a variable, and its type. */
export interface EnvVarOptions<Value, Required extends boolean = true> extends VariableOptions<Value, Required> {
  /** A {@link VariableType} or a Standard Schema of zod, valibot, arktype. Default: any text. */
  readonly type?: StandardSchema<unknown, Value> | undefined;
}

/** Where to read, and what to take for a variable that is not set. */
export interface FallbackOptions<Fallback> extends EnvironOptions {
  /** A value, or a function that makes it. */
  readonly default: Fallback | (() => Fallback);
}

type Primitive = string | number | bigint | boolean | null;

/** What a variable gives: its value, or `undefined` too where it is not required. */
export type ValueOf<Value, Required extends boolean> = Required extends true ? Value : Value | undefined;

/**
 * One environment variable: its name, its type, and what holds when it is not set.
 *
 * Nothing is read until {@link EnvVar.get}, and nothing is kept: each reading is of the environment as it is then. An
 * EnvVar is a Standard Schema too, from `string | undefined`.
 *
 * **Gotchas**: the empty text is a value, and not the same as not set; see `emptyIsUnset`. Functions, not objects, make
 * defaults that one caller may change and another must not see changed.
 *
 * @example
 * ```ts
 * import { EnvVar, integerType } from '@osx/environ';
 *
 * const port = new EnvVar('PORT', { type: integerType({ min: 1, max: 65_535 }), default: 8080 });
 * console.log(port.get({ environ: {} }), port.get({ environ: { PORT: '80' } })); // 8080 80
 *
 * const editor = new EnvVar('EDITOR');
 * console.log(editor.get('vi', { environ: {} })); // vi
 * ```
 */
export class EnvVar<out Value = string, out Required extends boolean = true> implements StandardSchema<
  string | undefined,
  ValueOf<Value, Required>
> {
  readonly name: string;
  readonly description: string | undefined;
  readonly type: StandardSchema<unknown, Value>;
  readonly isSecret: boolean;
  readonly #rules: Rules<Value>;

  /** @throws {TypeError} on a bad argument: an empty name, `=` or NUL in it, a type that is no schema. */
  constructor(name: string, options?: EnvVarOptions<Value, Required>) {
    const checked = checkOptions<EnvVarOptions<Value, Required>>('options', options);
    const { type = anyText(), required, secret, emptyIsUnset = false, description } = checked;
    this.name = checkVariableName('name', name);
    this.type = checkSchema('options.type', type) as StandardSchema<unknown, Value>;
    if (required !== undefined) checkBoolean('options.required', required);
    if (description !== undefined) checkString('options.description', description);
    this.description = description;
    this.isSecret = secret === undefined ? namesSecret(name) : checkBoolean('options.secret', secret);
    const hasDefault = checked.default !== undefined;
    this.#rules = {
      name,
      type: this.type,
      read: readerOf(this.type),
      default: checked.default,
      required: hasDefault ? false : (required ?? (isVariableType(this.type) ? true : undefined)),
      isSecret: this.isSecret,
      emptyIsUnset: checkBoolean('options.emptyIsUnset', emptyIsUnset),
    };
  }

  /** Whether it must be set; `undefined` when that is up to a schema of another library. */
  get isRequired(): boolean | undefined {
    return this.#rules.required;
  }

  /** @internal */
  get [envVarBrand](): true {
    return true;
  }

  /** @internal */
  get rules(): Rules<Value> {
    return this.#rules;
  }

  /** Whether it is there; the empty text counts, whatever `emptyIsUnset` says. */
  isSet(options?: EnvironOptions): boolean {
    return lookUp(environOf(options), this.name) !== undefined;
  }

  /**
   * The value as it is now.
   *
   * A fallback stands for a variable that is not set, before its own default; a variable that is set and wrong is an error
   * all the same. It is a primitive, or a function that makes it, or `default` in the options, whatever it is; `undefined` is none.
   *
   * @throws {EnvironError} when it is wrong, or required and not set.
   */
  get(options?: EnvironOptions): ValueOf<Value, Required>;
  get<Fallback>(options: FallbackOptions<Fallback>): Value | Fallback;
  get<Fallback>(fallback: () => Fallback, options?: EnvironOptions): Value | Fallback;
  get<Fallback extends Primitive>(fallback: Fallback, options?: EnvironOptions): Value | Fallback;
  get(first?: unknown, second?: EnvironOptions): unknown {
    const isOptions = typeof first === 'object' && first !== null;
    if (typeof first === 'symbol') throw invalidArgType('fallback', 'a primitive value or a function', first);
    if (isOptions && second !== undefined) throw invalidArgType('fallback', 'a primitive value or a function', first);
    const environ = environOf(isOptions ? first : second);
    const fallback = (isOptions ? (first as FallbackOptions<Value>).default : first) as Rules<Value>['default'];
    const own = fallback === undefined ? undefined : { default: fallback };
    const outcome = resolveVariable(this.#rules, lookUp(environ, this.name), environ, own);
    if (outcome.issue !== undefined) throw new EnvironError([nameIn(environ, outcome.issue)]);
    return outcome.value;
  }

  /**
   * Sets it, to the text that stands for the value; `undefined` takes it away.
   *
   * @throws {TypeError} for a value that the variable could not be read back from; the environment is as it was.
   */
  set(value: Value | undefined, options?: MutableEnvironOptions): void {
    const environ = mutableEnvironOf(options);
    write(environ, this.name, this.#textOf(value, options));
  }

  /** Takes it away. */
  unset(options?: MutableEnvironOptions): void {
    write(mutableEnvironOf(options), this.name, undefined);
  }

  /**
   * Sets it until the scope is closed; then it is what it was before, set or not.
   *
   * Scopes nest, and may be closed in any order. All code of the thread sees the value meanwhile, also what runs
   * concurrently.
   *
   * @param value `undefined`: not set.
   * @returns Close it, or hold it with `using`.
   * @throws {TypeError} as {@link EnvVar.set} does.
   */
  setScope(value: Value | undefined, options?: MutableEnvironOptions): EnvironScope {
    const environ = mutableEnvironOf(options);
    const close = openScope(environ, [[this.name, this.#textOf(value, options)]]);
    return { close, [Symbol.dispose]: close };
  }

  get '~standard'(): StandardProperties<string | undefined, ValueOf<Value, Required>> {
    return {
      version: 1,
      vendor: '@osx/environ',
      validate: (value) => {
        if (value !== undefined && typeof value !== 'string') return { issues: [{ message: 'must be a string' }] };
        const outcome = resolveVariable(this.#rules, value, process.env);
        return outcome.issue === undefined ? { value: outcome.value as never } : { issues: [outcome.issue] };
      },
    };
  }

  /** What may be told of it; no secret. */
  toJSON(): { name: string; kind: string; required: boolean | undefined; secret: boolean; description?: string } {
    return {
      name: this.name,
      kind: isVariableType(this.type) ? this.type.kind : this.type['~standard'].vendor,
      required: this.isRequired,
      secret: this.isSecret,
      ...(this.description !== undefined && { description: this.description }),
    };
  }

  toString(): string {
    return `EnvVar(${this.name})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  #textOf(value: Value | undefined, options: MutableEnvironOptions | undefined): string | undefined {
    if (value === undefined) return undefined;
    const text = checkVariableValue('value', formatWith(this.type, value));
    const { issues } = this.#rules.read(text, environOf(options));
    if (issues === undefined) return text;
    throw invalidArgValue('value', `one that ${this.name} can be read from`, '<withheld>', {
      cause: new EnvironError([invalidIssue(this.#rules, text, issues)]),
    });
  }
}

/** A change of the environment that ends. */
export interface EnvironScope extends Disposable {
  /** Puts back what was. Does nothing the second time. */
  close(): void;
}
