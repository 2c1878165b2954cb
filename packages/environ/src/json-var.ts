import { checkOptions } from '@osx/errors';
import { EnvVar, type VariableOptions } from './env-var.ts';
import { checkSchema, firstMessage, validateNow } from './internal/validate-text.ts';
import type { StandardSchema } from './standard-schema.ts';
import { VariableType } from './variable-type.ts';

/** What the JSON must hold. */
export interface JsonTypeOptions<Value> {
  /** A Standard Schema for what was parsed. Default: anything. */
  readonly schema?: StandardSchema<unknown, Value> | undefined;
}

/** A JSON text. */
export function jsonType<Value = unknown>(options?: JsonTypeOptions<Value>): VariableType<Value> {
  const { schema } = checkOptions<JsonTypeOptions<Value>>('options', options);
  if (schema !== undefined) checkSchema('options.schema', schema);
  return new VariableType<Value>({
    kind: 'json',
    expected: 'JSON',
    parse(text) {
      let parsed: unknown;
      try {
        parsed = JSON.parse(text);
      } catch {
        // Its message quotes the text, which may be secret.
        return undefined;
      }
      if (schema === undefined) return { value: parsed as Value };
      const result = validateNow(schema, parsed);
      return result.issues === undefined
        ? { value: result.value }
        : `must be other JSON: ${firstMessage(result.issues)}`;
    },
    format: (value) => JSON.stringify(value),
  });
}

/**
 * A variable that is JSON; see {@link jsonType}.
 *
 * @param name Of the variable.
 * @param options Those of the type, and `default`, `required`, `secret`, `description`, `emptyIsUnset`.
 * @throws {TypeError|RangeError} on a bad argument.
 * @example
 * ```ts
 * import { jsonVar } from '@osx/environ';
 *
 * const variable = jsonVar('LIMITS', { required: false });
 * console.log(variable.get({ environ: { LIMITS: '{"rows":5}' } })); // { rows: 5 }
 * ```
 */
export function jsonVar<Value = unknown, Required extends boolean = true>(
  name: string,
  options?: JsonTypeOptions<Value> & VariableOptions<Value, Required>,
): EnvVar<Value, Required> {
  return new EnvVar(name, { ...checkOptions('options', options), type: jsonType(options) });
}
