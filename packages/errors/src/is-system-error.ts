import { systemErrorBrand } from './internal/brand.ts';
import type { SystemError } from './system-error.ts';

/**
 * Whether a thrown value is a {@link SystemError}, of whichever copy of this package and of whichever realm.
 *
 * **Gotchas**: the errors of Node's own `fs` are not ours, so the answer for them is `false`; ask {@link hasCode} where
 * both may come.
 *
 * @param error What was thrown; any value.
 * @param code If given, the error must carry it (or one of several).
 * @example
 * ```ts
 * import { isSystemError, SystemError } from '@osx/errors';
 *
 * const error: unknown = new SystemError({ code: 'ENOLCK', syscall: 'fcntl' });
 * console.log(isSystemError(error), isSystemError(error, ['EACCES', 'EAGAIN'])); // true false
 * ```
 */
export function isSystemError(error: unknown, code?: string | readonly string[]): error is SystemError {
  if (typeof error !== 'object' || error === null) return false;
  try {
    const { [systemErrorBrand]: brand, code: actual } = error as { [systemErrorBrand]?: unknown; code?: unknown };
    if (brand !== true || typeof actual !== 'string') return false;
    return code === undefined || (typeof code === 'string' ? actual === code : code.includes(actual));
  } catch {
    return false;
  }
}
