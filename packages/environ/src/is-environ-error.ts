import type { EnvironError } from './environ-error.ts';
import { environErrorBrand, hasBrand } from './internal/brand.ts';

/**
 * Whether a thrown value is an {@link EnvironError}, of whichever copy of this package.
 *
 * @param error What was thrown; any value.
 * @example
 * ```ts
 * import { EnvVar, isEnvironError } from '@osx/environ';
 *
 * try {
 *   new EnvVar('NOWHERE').get({ environ: {} });
 * } catch (error) {
 *   console.log(isEnvironError(error) && error.issues[0]?.kind); // missing
 * }
 * ```
 */
export function isEnvironError(error: unknown): error is EnvironError {
  return hasBrand(error, environErrorBrand);
}
