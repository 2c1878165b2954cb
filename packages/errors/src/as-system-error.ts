import { errnoName } from './errno-name.ts';
import { isSystemError } from './is-system-error.ts';
import type { PathLike } from './path-like.ts';
import { SystemError } from './system-error.ts';

/**
 * The {@link SystemError} that says what an error of Node's `fs` (or `net`, or `child_process`) says, with the true name
 * of its errno; what is no failed system call comes back as it is.
 *
 * The original is the cause. A SystemError is returned itself.
 *
 * **Gotchas**: Node calls an errno that it does not know `UNKNOWN` or `Unknown system error -122`; here that is `EDQUOT`.
 * The codes that are libuv's own and no errno (`EOF`, `ENOTFOUND` of DNS) stay Node's.
 *
 * @param error What was thrown; any value.
 * @param paths What the caller knows the file by, where Node was given another name or a descriptor.
 * @returns To be thrown in place of the error.
 * @example
 * ```ts
 * import { fsyncSync } from 'node:fs';
 * import { asSystemError } from '@osx/errors';
 *
 * try {
 *   fsyncSync(1_000_000);
 * } catch (error) {
 *   console.log(String(asSystemError(error, { path: 'state.json' })));
 *   // SystemError: EBADF: bad file descriptor, fsync 'state.json'
 * }
 * ```
 */
export function asSystemError(
  error: unknown,
  paths: { readonly path?: PathLike | undefined; readonly dest?: PathLike | undefined } = {},
): unknown {
  if (isSystemError(error)) return error;
  const fields = failedCall(error);
  if (fields === undefined) return error;
  const { path = fields.path, dest = fields.dest } = paths;
  return new SystemError({ errno: fields.errno, syscall: fields.syscall, path, dest, cause: error });
}

interface FailedCall {
  readonly errno: number;
  readonly syscall: string;
  readonly path: string | undefined;
  readonly dest: string | undefined;
}

function failedCall(error: unknown): FailedCall | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  try {
    const { errno, syscall, path, dest } = error as Record<string, unknown>;
    if (typeof errno !== 'number' || typeof syscall !== 'string' || errnoName(errno) === undefined) return undefined;
    return { errno, syscall, path: textOf(path), dest: textOf(dest) };
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
