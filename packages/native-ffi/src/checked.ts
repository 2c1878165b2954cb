import { SystemError, type PathLike } from '@osx/errors';

/** What an error of a call shall name besides the call. */
export interface CallPaths {
  path?: PathLike | undefined;
  dest?: PathLike | undefined;
}

/**
 * The result of a native call, or a `SystemError` when it is a negative errno.
 *
 * @param result What a {@link NativeCall} returned.
 * @param syscall The call's name for the message.
 * @throws {SystemError} with the errno's code.
 */
export function checked(result: number, syscall: string, paths: CallPaths = {}): number {
  if (result >= 0) return result;
  throw new SystemError({ errno: result, syscall, ...definedPaths(paths) });
}

function definedPaths({ path, dest }: CallPaths): { path?: PathLike; dest?: PathLike } {
  return { ...(path !== undefined && { path }), ...(dest !== undefined && { dest }) };
}
