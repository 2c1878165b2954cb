import { checkBoolean, checkInteger, checkOptions } from '@osx/errors';

import { S_IFDIR, S_IFMT } from './internal/mode-bits.ts';
import { readPermissionChange, type PermissionSyntax } from './internal/permission-change.ts';
import { applySymbolic } from './internal/symbolic-mode.ts';
import { readUmask } from './read-umask.ts';

export type { PermissionSyntax };

/** What the file is like whose permissions are asked for. */
export interface ParsePermissionsOptions {
  /** The file's mode now, as of `stat`, or its permissions alone. Default 0. */
  readonly current?: number | undefined;
  /** Default: what the type bits in `current` say, if there are any. */
  readonly isDirectory?: boolean | undefined;
  /** Takes bits away where a mode names nobody: `+w`. Default: that of the process, read when it is needed. */
  readonly umask?: number | undefined;
  /** Only this will do. Default: any, and text that ls could have printed is taken for that. */
  readonly syntax?: PermissionSyntax | undefined;
}

/**
 * The permissions that a file has after `chmod MODE FILE`, bit for bit as chmod(1) of GNU computes them.
 *
 * - Octal: `'755'`, `'0755'`, `'4755'`. A directory keeps the setuid and setgid bits that it has unless the digits
 *   set them; five digits or more (`'00755'`) and `'=755'` take them away. `'+111'` and `'-022'` add and remove.
 *   A number is what its four octal digits are.
 * - Symbolic: `'u=rwX,g-w,+t'`. Several operators to a clause (`'u+r-w'`), copies (`'g=u'`), `X` (execute, if a
 *   directory or if anybody may execute by now), `s` (of u and g), `t` (of o, a or nobody named). A directory keeps
 *   setuid and setgid unless `s` is named. Where nobody is named, bits that are in the umask stay as they are, or are
 *   cleared by `=`.
 * - As `ls -l` prints: `'rwxr-xr-x'`, `'drwxrwsr-t'`: exactly these bits. A type in front and `.`, `+`, `@` behind are
 *   not looked at.
 *
 * **Gotchas**: `'-rw-r--r--'` is a string of ls and a symbolic mode that takes everything away. It is taken for the
 * first; say `syntax: 'symbolic'` where the text comes from a user of chmod. BSD's chmod differs in `X` (it looks at
 * the mode before all clauses).
 *
 * @param text What to parse.
 * @returns Permissions from 0 to 0o7777, without type.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE` for what is no mode, `ERR_INVALID_ARG_TYPE`.
 * @throws {RangeError} `ERR_OUT_OF_RANGE`.
 * @example
 * ```ts
 * import { formatPermissions, parsePermissions } from '@osx/filemodes';
 *
 * const now = parsePermissions('u=rwX,g=u-w,o=', { current: 0o100755 });
 * console.log(formatPermissions(now, { style: 'ls' })); // rwxr-x---
 * console.log(parsePermissions('-rwsr-xr-t') === 0o5755); // true
 * console.log(parsePermissions('755', { current: 0o42775 }) === 0o2755); // true: the directory stays setgid
 * ```
 * @see https://www.gnu.org/software/coreutils/manual/html_node/File-permissions.html
 */
export function parsePermissions(text: string | number, options: ParsePermissionsOptions = {}): number {
  const { syntax, current = 0, isDirectory, umask } = checkOptions('options', options);
  const change = readPermissionChange('text', text, syntax);
  checkInteger('options.current', current, { min: 0, max: 0o177777 });
  if (isDirectory !== undefined) checkBoolean('options.isDirectory', isDirectory);
  if (umask !== undefined) checkInteger('options.umask', umask, { min: 0, max: 0o777 });
  const mask = change.needsUmask ? (umask ?? readUmask()) : 0;
  return applySymbolic(change, current, isDirectory ?? (current & S_IFMT) === S_IFDIR, mask);
}
