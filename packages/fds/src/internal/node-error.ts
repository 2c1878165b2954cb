import { asSystemError } from '@osx/errors';

/** Runs a call of `node:fs`; an errno that it throws becomes a `SystemError`, anything else passes. */
export function withSystemErrors<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw asSystemError(error);
  }
}
