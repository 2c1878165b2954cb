/**
 * Environment variables with types and one report of all that is wrong, secrets that stay secret, scopes that put back what
 * was, the shell's expansions, and the environment that native libraries see.
 *
 * @module
 */
export { booleanType, booleanVar } from './boolean-var.ts';
export { bytesType, bytesVar } from './bytes-var.ts';
export type { BytesTypeOptions } from './bytes-var.ts';
export { defineVariables } from './define-variables.ts';
export type { Variables, VariablesOf, VariablesShape } from './define-variables.ts';
export { describeVariables } from './describe-variables.ts';
export type { DescribeOptions } from './describe-variables.ts';
export { diffEnviron } from './diff-environ.ts';
export type { EnvironDiff } from './diff-environ.ts';
export { durationType, durationVar } from './duration-var.ts';
export type { DurationTypeOptions } from './duration-var.ts';
export { enumType, enumVar } from './enum-var.ts';
export { EnvVar } from './env-var.ts';
export type { EnvironScope, EnvVarOptions, FallbackOptions, ValueOf, VariableOptions } from './env-var.ts';
export { EnvironError } from './environ-error.ts';
export type { EnvironIssue } from './environ-error.ts';
export type { Environ, EnvironOptions, MutableEnviron, MutableEnvironOptions } from './environ.ts';
export { expandUser } from './expand-user.ts';
export type { ExpandUserOptions } from './expand-user.ts';
export { expandVariables } from './expand-variables.ts';
export type { ExpandOptions } from './expand-variables.ts';
export { ExpansionError } from './expansion-error.ts';
export { integerType, integerVar } from './integer-var.ts';
export type { IntegerTypeOptions } from './integer-var.ts';
export { isEnvironError } from './is-environ-error.ts';
export { jsonType, jsonVar } from './json-var.ts';
export type { JsonTypeOptions } from './json-var.ts';
export { listType, listVar } from './list-var.ts';
export type { ListTypeOptions } from './list-var.ts';
export { numberType, numberVar } from './number-var.ts';
export type { NumberTypeOptions } from './number-var.ts';
export { pathType, pathVar } from './path-var.ts';
export type { PathTypeOptions } from './path-var.ts';
export { prefixView } from './prefix-view.ts';
export { readVariables } from './read-variables.ts';
export { getRealEnviron, setRealEnviron, unsetRealEnviron } from './real-environ.ts';
export type { RealEnvironOptions } from './real-environ.ts';
export { restoreEnviron } from './restore-environ.ts';
export { snapshotEnviron } from './snapshot-environ.ts';
export type { EnvironSnapshot } from './snapshot-environ.ts';
export type {
  AnySchema,
  OutputOf,
  StandardIssue,
  StandardProperties,
  StandardResult,
  StandardSchema,
} from './standard-schema.ts';
export { stringType, stringVar } from './string-var.ts';
export type { StringTypeOptions } from './string-var.ts';
export { urlType, urlVar } from './url-var.ts';
export type { UrlTypeOptions } from './url-var.ts';
export { VariableType } from './variable-type.ts';
export type { VariableTypeDefinition } from './variable-type.ts';
export { withEnviron } from './with-environ.ts';
