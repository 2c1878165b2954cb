import { SystemError, isSystemError, isUnsupportedError } from '@osx/errors';

import type { FilePath } from './file-path.ts';

/**
 * The error of a call, said of the path that the caller knows; the original, which may name the temporary, is its cause.
 * What is no failed system call stays as it is.
 */
export function explain(error: unknown, path: FilePath, extra: { dest?: FilePath; message?: string } = {}): unknown {
  if (!(error instanceof Error) || isUnsupportedError(error)) return error;
  if (isSystemError(error) && (error.path === path.toString() || error.code.startsWith('ERR_OSX_'))) return error;
  const { errno, syscall } = error as NodeJS.ErrnoException;
  if (typeof errno !== 'number' || typeof syscall !== 'string') return error;
  return new SystemError({ errno, syscall, path, ...extra, cause: error });
}
