import { SystemError } from '@osx/errors';

/** Runs a call of `node:fs` and gives its failure the shape that all errors here have. */
export function withSystemErrors<T>(call: () => T, path?: string | Buffer): T {
  try {
    return call();
  } catch (error) {
    const { errno, syscall } = error as NodeJS.ErrnoException;
    if (errno === undefined || syscall === undefined) throw error;
    throw new SystemError({ errno, syscall, path, cause: error });
  }
}
