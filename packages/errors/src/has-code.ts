/**
 * Whether a thrown value carries this `code` (or one of several): Node's errors and ours alike.
 *
 * Any value may be asked, also `undefined` and objects that throw when touched; the answer for those is `false`.
 *
 * @param error What was thrown.
 * @param code Compared as it is: an alias (`EWOULDBLOCK`) is no match for the name that errors carry (`EAGAIN`).
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { hasCode } from '@osx/errors';
 *
 * try {
 *   readFileSync('missing');
 * } catch (error) {
 *   if (!hasCode(error, ['ENOENT', 'ENOTDIR'])) throw error;
 * }
 * ```
 */
export function hasCode(error: unknown, code: string | readonly string[]): error is Error & { code: string } {
  if (typeof error !== 'object' || error === null) return false;
  try {
    const actual: unknown = (error as { code?: unknown }).code;
    return typeof actual === 'string' && (typeof code === 'string' ? actual === code : code.includes(actual));
  } catch {
    return false;
  }
}
