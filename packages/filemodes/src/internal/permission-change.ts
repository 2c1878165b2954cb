import { checkInteger, checkOneOf, invalidArgType, invalidArgValue } from '@osx/errors';

import { readLs } from './ls-string.ts';
import { PERMISSION_BITS, SET_ID } from './mode-bits.ts';
import { exactly, readSymbolic, type SymbolicMode } from './symbolic-mode.ts';

/** How permissions are written. */
export type PermissionSyntax = 'octal' | 'symbolic' | 'ls';

/** A mode as text or number, ready to be applied to many files. */
export type PermissionChange = SymbolicMode;

const SYNTAXES = ['octal', 'symbolic', 'ls'] as const;

/**
 * Reads permissions.
 *
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`; `ERR_OUT_OF_RANGE` for a number beyond 0o7777.
 */
export function readPermissionChange(name: string, value: unknown, syntax?: PermissionSyntax): PermissionChange {
  if (syntax !== undefined) checkOneOf('options.syntax', syntax, SYNTAXES);
  if (typeof value === 'number') {
    const bits = checkInteger(name, value, { min: 0, max: PERMISSION_BITS });
    return { actions: [exactly(bits, bits | ~SET_ID)], needsUmask: false };
  }
  if (typeof value !== 'string') throw invalidArgType(name, 'of type string or number', value);
  const change = readText(value, syntax);
  if (change === undefined) throw invalidArgValue(name, wish(syntax), value);
  return change;
}

function readText(text: string, syntax: PermissionSyntax | undefined): PermissionChange | undefined {
  const isOctal = /^[0-7]+$/.test(text);
  // `-rw-r--r--` is both: what ls prints goes first.
  const listed = syntax === undefined || syntax === 'ls' ? readLs(text) : undefined;
  if (listed !== undefined) return { actions: [exactly(listed, PERMISSION_BITS)], needsUmask: false };
  if (syntax === 'ls' || (syntax === 'octal' && !isOctal) || (syntax === 'symbolic' && isOctal)) return undefined;
  return readSymbolic(text);
}

function wish(syntax: PermissionSyntax | undefined): string {
  const wishes = {
    octal: "octal digits up to 7777, such as '0755'",
    symbolic: "a symbolic mode, such as 'u=rwX,g-w,+t'",
    ls: "permissions as ls prints them, such as 'rwxr-xr-x'",
  };
  return syntax === undefined ? Object.values(wishes).join('; or ') : wishes[syntax];
}
