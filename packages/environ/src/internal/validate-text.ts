import { invalidArgType, invalidArgValue } from '@osx/errors';
import type { Environ } from '../environ.ts';
import type { StandardIssue, StandardResult, StandardSchema } from '../standard-schema.ts';
import { isVariableType } from './is-ours.ts';
import { withheldValue } from './withheld-value.ts';

/** A Standard Schema of version 1; arktype's are functions. */
export function checkSchema(argument: string, schema: unknown): StandardSchema {
  const isHolder = typeof schema === 'object' || typeof schema === 'function';
  const standard: unknown = isHolder && schema !== null ? (schema as Record<string, unknown>)['~standard'] : undefined;
  if (typeof standard !== 'object' || standard === null) {
    throw invalidArgType(argument, 'an instance of VariableType or a Standard Schema', withheldValue(schema));
  }
  const { version, validate } = standard as Record<string, unknown>;
  if (version !== 1 || typeof validate !== 'function') {
    throw invalidArgValue(argument, 'a Standard Schema of version 1', withheldValue(schema));
  }
  return schema as StandardSchema;
}

/** Says what a type makes of a text. */
export type Reader<Value> = (text: string, environ: Environ) => StandardResult<Value>;

/** The reader of a type; what kind of type it is is asked once, here. */
export function readerOf<Value>(type: StandardSchema<unknown, Value>): Reader<Value> {
  if (isVariableType(type)) return (text, environ) => type.parse(text, environ) as StandardResult<Value>;
  return (text) => validateNow(type, text);
}

/** What a schema says, at once. */
export function validateNow<Value>(schema: StandardSchema<unknown, Value>, value: unknown): StandardResult<Value> {
  let result: ReturnType<(typeof schema)['~standard']['validate']>;
  try {
    result = schema['~standard'].validate(value);
  } catch (error) {
    // As one issue among others; thrown on, it could show a secret.
    return { issues: [{ message: error instanceof Error ? error.message : 'the schema threw' }] };
  }
  if (!('then' in result)) return result;
  // Nobody will look at it. zod gives one where a transform throws, too.
  result.then(undefined, () => {});
  return { issues: [{ message: 'the schema answered by a promise: it is asynchronous, or it threw' }] };
}

/** The first issue, with where in the value it is. */
export function firstMessage(issues: readonly StandardIssue[]): string {
  const [first] = issues;
  if (first === undefined) return 'is not valid';
  const path = (first.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
  return path === '' ? first.message : `${path}: ${first.message}`;
}
