import { SystemError } from '@osx/errors';

/** Runs a call of `node:fs`; an errno that it throws becomes a `SystemError`, anything else passes. */
export function withSystemErrors<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    const { errno, syscall, path } = error as NodeJS.ErrnoException;
    if (typeof errno !== 'number' || syscall === undefined) throw error;
    throw new SystemError({ errno, syscall, cause: error, ...(path !== undefined && { path }) });
  }
}
