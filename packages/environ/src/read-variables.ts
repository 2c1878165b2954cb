import { defineVariables, type VariablesOf, type VariablesShape } from './define-variables.ts';
import type { EnvironOptions } from './environ.ts';

/**
 * Reads the variables of a program: an object with a value of the right type under each key, or one error that names all
 * that are wrong.
 *
 * The object is frozen. Shown by `console.log` or made JSON, it has `[secret]` in place of secret values; by their key
 * they are there.
 *
 * **Gotchas**: a spread (`{ ...config }`) or a destructured secret is a plain value, which is shown.
 *
 * @param shape An {@link EnvVar} under each key, or the type of the variable that is called like the key: a type of this
 * package, or a Standard Schema.
 * @returns Its type is inferred: `{ readonly port: number; ... }`.
 * @throws {EnvironError} with an issue for each variable that is wrong, or required and not set.
 * @throws {TypeError} on a definition that cannot be, or an environment that holds other things than strings.
 * @example
 * ```ts
 * import { integerVar, readVariables, stringVar } from '@osx/environ';
 *
 * const environ = { PORT: '80', DB_PASSWORD: 'hunter2' };
 * const config = readVariables({ port: integerVar('PORT'), password: stringVar('DB_PASSWORD') }, { environ });
 * console.log(config.port + 1, config.password.length, JSON.stringify(config)); // 81 7 {"port":80,"password":"[secret]"}
 * ```
 */
export function readVariables<Shape extends VariablesShape>(
  shape: Shape,
  options?: EnvironOptions,
): VariablesOf<Shape> {
  return defineVariables(shape).read(options);
}
