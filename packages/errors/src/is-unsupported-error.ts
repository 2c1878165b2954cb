import { isSystemError } from './is-system-error.ts';
import type { UnsupportedError } from './unsupported-error.ts';

/**
 * Whether a thrown value is an {@link UnsupportedError}: this system cannot do it, and asking again will not help.
 *
 * @param error What was thrown; any value.
 * @example
 * ```ts
 * import { isUnsupportedError, UnsupportedError } from '@osx/errors';
 *
 * const error: unknown = new UnsupportedError({ feature: 'pidfd', requires: 'Linux 5.3' });
 * if (isUnsupportedError(error)) console.log(error.requires); // Linux 5.3
 * ```
 */
export function isUnsupportedError(error: unknown): error is UnsupportedError {
  return isSystemError(error) && typeof (error as { requires?: unknown }).requires === 'string';
}
