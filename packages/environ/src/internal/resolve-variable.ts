import type { EnvironIssue } from '../environ-error.ts';
import type { Environ } from '../environ.ts';
import type { StandardIssue, StandardSchema } from '../standard-schema.ts';
import { isVariableType } from './is-ours.ts';
import { shownValue } from './shown.ts';
import { firstMessage, validateNow, type Reader } from './validate-text.ts';

/** What an EnvVar knows of itself. */
export interface Rules<Value> {
  readonly name: string;
  readonly type: StandardSchema<unknown, Value>;
  readonly read: Reader<Value>;
  readonly default: Value | (() => Value) | undefined;
  /** `undefined`: ask the schema. */
  readonly required: boolean | undefined;
  readonly isSecret: boolean;
  readonly emptyIsUnset: boolean;
}

/** The value, or the one thing that is wrong. */
export type Outcome<Value> =
  | { readonly value: Value | undefined; readonly issue?: undefined }
  | { readonly issue: EnvironIssue };

/** Makes the value of a variable from its text, or from there being none. */
export function resolveVariable<Value>(
  rules: Rules<Value>,
  text: string | undefined,
  environ: Environ,
  fallback?: Pick<Rules<Value>, 'default'>,
): Outcome<Value> {
  if (text === undefined || (text === '' && rules.emptyIsUnset)) return unset(rules, fallback ?? rules);
  const result = rules.read(text, environ);
  return result.issues === undefined ? result : { issue: invalidIssue(rules, text, result.issues) };
}

function unset<Value>(rules: Rules<Value>, { default: value }: Pick<Rules<Value>, 'default'>): Outcome<Value> {
  if (typeof value === 'function') return { value: (value as () => Value)() };
  if (value !== undefined) return { value };
  if (rules.required === false) return { value: undefined };
  if (rules.required === undefined) {
    const result = validateNow(rules.type, undefined);
    if (result.issues === undefined) return result;
  }
  return { issue: issueOf(rules.name, 'missing', 'is required and not set') };
}

/** Of a text that will not do. */
export function invalidIssue(rules: Rules<unknown>, text: string, issues: readonly StandardIssue[]): EnvironIssue {
  return issueOf(rules.name, 'invalid', wrongness(rules, text, issues));
}

/**
 * What is wrong. Of a secret only what was expected is told: a type's own words on this very text may say something of
 * it, and the words of another library may quote it.
 */
function wrongness({ type, isSecret }: Rules<unknown>, text: string, issues: readonly StandardIssue[]): string {
  const isOurs = isVariableType(type);
  if (isSecret)
    return isOurs
      ? `must be ${type.expected} (it is secret and not shown)`
      : 'is not valid (it is secret: the reason is not shown)';
  const reason = isOurs ? (issues[0]?.message ?? `must be ${type.expected}`) : `is not valid: ${firstMessage(issues)}`;
  return `${reason}, is ${text === '' ? 'empty' : shownValue(text)}`;
}

function issueOf(name: string, kind: EnvironIssue['kind'], what: string): EnvironIssue {
  return { name, kind, message: `${name} ${what}`, path: [name] };
}
