import { checkOptions, invalidArgType, invalidArgValue } from '@osx/errors';
import { EnvVar } from '../env-var.ts';
import type { StandardSchema } from '../standard-schema.ts';
import { isEnvVar } from './is-ours.ts';
import { checkSchema } from './validate-text.ts';

type Entry = [key: string, variable: EnvVar<unknown, boolean>];

/** The variables of a shape, or of an array, where each has its name as key. */
export function variableEntries(argument: string, variables: unknown): Entry[] {
  if (Array.isArray(variables)) return variables.map((entry: unknown, index) => listed(`${argument}[${index}]`, entry));
  if (variables === undefined) throw invalidArgType(argument, 'of type object', variables);
  const shape = checkOptions(argument, variables as Readonly<Record<string, StandardSchema>>);
  return Object.entries(shape).map(([key, entry]) => {
    // JSON.stringify of the result would take it for the way to show the whole.
    if (key === 'toJSON') throw invalidArgValue(argument, "without the key 'toJSON'", key);
    if (isEnvVar(entry)) return [key, entry];
    return [key, new EnvVar(key, { type: checkSchema(`${argument}.${key}`, entry) })];
  });
}

function listed(argument: string, entry: unknown): Entry {
  if (!isEnvVar(entry)) throw invalidArgType(argument, 'an instance of EnvVar', entry);
  return [entry.name, entry];
}
