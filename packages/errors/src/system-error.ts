import { errnoName } from './errno-name.ts';
import { errnoNumber } from './errno-number.ts';
import { systemErrorBrand } from './internal/brand.ts';
import { pathText } from './internal/path-text.ts';
import { printable } from './internal/printable.ts';
import type { PathLike } from './path-like.ts';
import { strerror } from './strerror.ts';

/** What a {@link SystemError} is made of: `errno` or `code`, and the failed call. */
export interface SystemErrorOptions {
  /** Either sign; the code is looked up for this platform. */
  readonly errno?: number | undefined;
  /** An errno name, or a house code `ERR_OSX_*`; the number is looked up for this platform. */
  readonly code?: string | undefined;
  /** The C name of the call that failed. */
  readonly syscall: string;
  readonly path?: PathLike | undefined;
  /** The second path, of rename(2) and its like. */
  readonly dest?: PathLike | undefined;
  /** Says what happened in place of strerror's text; code, syscall and paths still surround it. */
  readonly message?: string | undefined;
  readonly cause?: unknown;
}

/**
 * A failed system call, in the shape of Node's own errors: `EACCES: permission denied, open '/x'`.
 *
 * Fields that were not given are absent, not `undefined`. `code` is always the platform's first name for the number:
 * what was made from `EWOULDBLOCK` says `EAGAIN`. A number without a name has the code `UNKNOWN`.
 *
 * **Gotchas**: recognise it by {@link isSystemError}, not by `instanceof`: two copies of this package in one process have
 * two classes. `structuredClone` and `postMessage` keep of any error only name (as `Error`), message, stack and cause;
 * send `Object.assign({}, error, { message: error.message })` where the code must arrive. `path` and `dest` hold the path as it is;
 * the message shows control characters escaped.
 *
 * @example
 * ```ts
 * import { SystemError } from '@osx/errors';
 *
 * const error = new SystemError({ errno: -13, syscall: 'open', path: '/x' });
 * console.log(error.message); // EACCES: permission denied, open '/x'
 * console.log(error.code, error.errno); // EACCES -13
 * ```
 * @see {@link https://nodejs.org/api/errors.html#class-systemerror}
 */
export class SystemError extends Error {
  /** The negative errno; absent for a code that is no errno of this platform. */
  declare readonly errno?: number;
  declare readonly code: string;
  declare readonly syscall: string;
  /** Bytes that are not UTF-8 appear as U+FFFD. */
  declare readonly path?: string;
  declare readonly dest?: string;

  /** @param options Give `errno` or `code`; the other one is looked up. */
  constructor(options: SystemErrorOptions) {
    const { syscall, message, cause } = options;
    const errno = negativeErrno(options);
    const code = canonicalCode(options.code, errno);
    const path = options.path === undefined ? undefined : pathText(options.path);
    const dest = options.dest === undefined ? undefined : pathText(options.dest);
    const text = message ?? strerror(code === 'UNKNOWN' && errno !== undefined ? errno : code);
    const paths =
      (path === undefined ? '' : ` '${printable(path)}'`) + (dest === undefined ? '' : ` -> '${printable(dest)}'`);
    super(`${code}: ${text}, ${syscall}${paths}`, cause === undefined ? undefined : { cause });
    Object.defineProperty(this, systemErrorBrand, { value: true });
    if (errno !== undefined) this.errno = errno;
    this.code = code;
    this.syscall = syscall;
    if (path !== undefined) this.path = path;
    if (dest !== undefined) this.dest = dest;
  }

  override get name(): string {
    return 'SystemError';
  }

  override set name(name: string) {
    Object.defineProperty(this, 'name', { value: name, writable: true, configurable: true });
  }
}

function negativeErrno({ errno, code }: SystemErrorOptions): number | undefined {
  const number = errno ?? (code === undefined ? undefined : errnoNumber(code));
  return number === undefined || !Number.isInteger(number) ? undefined : -Math.abs(number);
}

/** A code that is no errno of this platform (`ERR_OSX_*`) stands as it is; an alias gives way to the first name. */
function canonicalCode(code: string | undefined, errno: number | undefined): string {
  const number = code === undefined ? errno : errnoNumber(code);
  return (number === undefined ? undefined : errnoName(number)) ?? code ?? 'UNKNOWN';
}
