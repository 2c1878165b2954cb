import { asSystemError } from './as-system-error.ts';
import type { PathLike } from './path-like.ts';

/**
 * Runs a call of Node's `fs` and returns what it returns; a failure is thrown as a {@link SystemError}, as by
 * {@link asSystemError}.
 *
 * @param call Runs once, at once.
 * @param path What the caller knows the file by.
 * @throws {SystemError} with Node's errno and call; anything else that `call` throws, as it is.
 * @example
 * ```ts
 * import { closeSync } from 'node:fs';
 * import { isSystemError, withSystemErrors } from '@osx/errors';
 *
 * try {
 *   withSystemErrors(() => closeSync(1_000_000), 'state.json');
 * } catch (error) {
 *   console.log(isSystemError(error, 'EBADF')); // true
 * }
 * ```
 */
export function withSystemErrors<Result>(call: () => Result, path?: PathLike): Result {
  try {
    return call();
  } catch (error) {
    throw asSystemError(error, { path });
  }
}
