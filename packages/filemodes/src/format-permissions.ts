import { checkInteger, checkOneOf, checkOptions, invalidArgValue } from '@osx/errors';

import { FILE_TYPES, typeOf, writeLs, type FileType } from './internal/ls-string.ts';
import { PERMISSION_BITS, S_ISGID, S_ISUID, S_ISVTX } from './internal/mode-bits.ts';
import type { PermissionSyntax } from './internal/permission-change.ts';

export type { FileType };

/** How to write permissions. */
export interface FormatPermissionsOptions {
  /** Default `'octal'`. */
  readonly style?: PermissionSyntax | undefined;
  /** The letter in front, for the style `'ls'`. Default: what the type bits of the mode say; without them there is none. */
  readonly type?: FileType | undefined;
}

/**
 * Permissions as text: `'0755'`, `'u=rwx,g=rx,o=rx'`, or `'drwxr-xr-x'` as `ls -l` prints them, for every type of file.
 *
 * `parsePermissions` reads each of them back, exactly; in a directory the symbolic text and up to four octal digits
 * leave setuid and setgid bits alone that it does not set.
 *
 * **Gotchas**: the style `'ls'` begins with the type only if the mode says it or `type` does.
 *
 * @param mode Of `stat`, or permissions alone: 0 to 0o177777.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, also for a `type` that is not the mode's.
 * @throws {RangeError} `ERR_OUT_OF_RANGE`.
 * @example
 * ```ts
 * import { statSync } from 'node:fs';
 * import { formatPermissions } from '@osx/filemodes';
 *
 * console.log(formatPermissions(0o4755)); // 4755
 * console.log(formatPermissions(0o4750, { style: 'symbolic' })); // u=rwxs,g=rx,o=
 * console.log(formatPermissions(statSync('/dev/null').mode, { style: 'ls' })); // crw-rw-rw-
 * ```
 * @see https://man7.org/linux/man-pages/man1/ls.1.html
 */
export function formatPermissions(mode: number, options: FormatPermissionsOptions = {}): string {
  checkInteger('mode', mode, { min: 0, max: 0o177777 });
  const { style = 'octal', type } = checkOptions('options', options);
  checkOneOf('options.style', style, ['octal', 'symbolic', 'ls']);
  if (type !== undefined) checkOneOf('options.type', type, FILE_TYPES);
  const permissions = mode & PERMISSION_BITS;
  const typeOfMode = typeOf(mode);
  if (type !== undefined && typeOfMode !== undefined && type !== typeOfMode) {
    throw invalidArgValue('options.type', `that of the mode, which is '${typeOfMode}'`, type);
  }
  if (style === 'octal') return permissions.toString(8).padStart(4, '0');
  if (style === 'ls') return writeLs(permissions, type ?? typeOfMode);
  return symbolic(permissions);
}

function symbolic(permissions: number): string {
  const letters = (shift: number, special: number, letter: string): string => {
    const bits = permissions >> shift;
    const parts = [(bits & 4) !== 0 && 'r', (bits & 2) !== 0 && 'w', (bits & 1) !== 0 && 'x'];
    return [...parts, (permissions & special) !== 0 && letter].filter(Boolean).join('');
  };
  return `u=${letters(6, S_ISUID, 's')},g=${letters(3, S_ISGID, 's')},o=${letters(0, S_ISVTX, 't')}`;
}
