import { isSystemError, isUnsupportedError } from '@osx/errors';

import { EXIT } from './exit-codes.ts';
import { UsageError } from './usage-error.ts';

const BY_CODE: Readonly<Record<string, number>> = {
  ESRCH: EXIT.nobody,
  EEXIST: EXIT.held,
  ERR_OSX_INVALID_PIDFILE: EXIT.notAPidfile,
  ELOOP: EXIT.notAPidfile,
  ETIMEDOUT: EXIT.timeout,
  ERR_OSX_NATIVE_UNAVAILABLE: EXIT.unsupported,
  EACCES: EXIT.noPermission,
  EPERM: EXIT.noPermission,
};

/** What the command ends with after an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (isUnsupportedError(error)) return EXIT.unsupported;
  if (isSystemError(error)) return BY_CODE[error.code] ?? EXIT.system;
  return EXIT.internal;
}
