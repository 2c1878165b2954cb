import { checkOptions, checkString, invalidArgType, invalidArgValue } from '@osx/errors';
import type { Environ, EnvironOptions, MutableEnviron, MutableEnvironOptions } from '../environ.ts';

/** Stands in messages for what may be a secret. */
const withheld = '<withheld>';

/** The environment that the options name. */
export function environOf(options: EnvironOptions | undefined): Environ {
  const { environ } = checkOptions<EnvironOptions>('options', options);
  return environ === undefined ? process.env : checkEnviron('options.environ', environ);
}

/** The same, to be written to. */
export function mutableEnvironOf(options: MutableEnvironOptions | undefined): MutableEnviron {
  return environOf(options);
}

/** An object that may hold variables. */
export function checkEnviron(argument: string, environ: unknown): Environ {
  if (typeof environ !== 'object' || environ === null || Array.isArray(environ) || ArrayBuffer.isView(environ)) {
    throw invalidArgType(argument, 'of type object', typeof environ === 'string' ? withheld : environ);
  }
  return environ as Environ;
}

/**
 * A variable's text, or `undefined` when it is not set. What is only inherited is not set: `process.env.toString` is a
 * function of every object, and no variable.
 */
export function lookUp(environ: Environ, name: string, argument = 'options.environ'): string | undefined {
  if (!Object.hasOwn(environ, name)) return undefined;
  const value: unknown = environ[name];
  if (value === undefined || typeof value === 'string') return value;
  // A boxed value is shown by its type alone.
  throw invalidArgType(`${argument}.${name}`, 'of type string', value === null ? null : Object(value));
}

/** A name that setenv(3) can take, and that comes back as it went in. */
export function checkVariableName(argument: string, name: unknown): string {
  const text = checkString(argument, name);
  if (text === '') throw invalidArgValue(argument, 'a name that is not empty', text);
  if (text.includes('=') || text.includes('\0')) {
    throw invalidArgValue(argument, "a name without '=' and null bytes", text);
  }
  if (!text.isWellFormed()) throw invalidArgValue(argument, 'a name without lone surrogates', text);
  return text;
}

/** A value that setenv(3) can take, and that comes back as it went in; no message shows it. */
export function checkVariableValue(argument: string, value: unknown): string {
  if (typeof value !== 'string') {
    throw invalidArgType(argument, 'of type string', value === null || value === undefined ? value : Object(value));
  }
  if (value.includes('\0')) throw invalidArgValue(argument, 'without null bytes', withheld);
  if (!value.isWellFormed()) throw invalidArgValue(argument, 'without lone surrogates', withheld);
  return value;
}
