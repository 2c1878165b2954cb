import { invalidArgType } from '@osx/errors';
import type { StandardSchema } from '../standard-schema.ts';
import { isVariableType } from './is-ours.ts';
import { withheldValue } from './withheld-value.ts';

/** The text for a value: by its type, or, for the schema of another library, that of a primitive. */
export function formatWith(type: StandardSchema, value: unknown): string {
  if (isVariableType(type)) return type.format(value);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  throw invalidArgType('value', 'of type string, number, boolean or bigint', withheldValue(value));
}
