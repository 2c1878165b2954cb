import {
  checkBoolean,
  checkOneOf,
  checkOptions,
  hasCode,
  invalidArgType,
  invalidArgValue,
  SystemError,
} from '@osx/errors';

import { inFormOf, toByteString } from './internal/byte-path.ts';
import { unsafePart } from './internal/unsafe-part.ts';

export interface ArchiveNameOptions {
  /**
   * `posix` (default) refuses what leads out of the destination on any system. `win32` refuses also what Windows cannot
   * store or takes for something else: device names (`nul.txt`), `:` and the others of `<>:"|?*`, a dot or space at the end of a name.
   */
  platform?: 'posix' | 'win32' | undefined;
  /** Let `\` be a character of names, as on POSIX; default false, since archives of Windows programs mean `/`. Not with `win32`. */
  allowBackslash?: boolean | undefined;
}

/**
 * The name of an archive's entry, once it is known to lead into the destination and nowhere else ("zip slip").
 *
 * Refused: absolute names, `..` anywhere, drive letters (`C:x`), UNC names and other backslashes, NUL and other control characters,
 * the empty name, text with lone surrogates; and by option what Windows cannot store.
 *
 * **Gotchas** A safe name is half of it: an archive can bring a symbolic link and then a file "below" it. Make entries with
 * {@link openBeneath}, which holds whatever links there are.
 *
 * @param name As the archive has it, text or bytes.
 * @param options See {@link ArchiveNameOptions}.
 * @returns The name without `.`, empty parts and a slash at the end, so that one place has one spelling; `.` for the
 *   destination itself. A Buffer for a Buffer.
 * @throws {TypeError} on a bad argument.
 * @throws {SystemError} `ERR_OSX_UNSAFE_NAME`, with the reason in words.
 *
 * @example
 * ```ts
 * import { checkArchiveName } from '@osx/paths';
 *
 * console.log(checkArchiveName('./docs//guide.md')); // docs/guide.md
 * for (const name of ['../../etc/cron.d/x', '/etc/passwd', 'C:\\x', 'a\\..\\b']) {
 *   try {
 *     checkArchiveName(name);
 *   } catch (error) {
 *     console.log((error as Error).message);
 *   }
 * }
 * // ERR_OSX_UNSAFE_NAME: unsafe name: '..' leads out of the destination, checkArchiveName '../../etc/cron.d/x'
 * // ERR_OSX_UNSAFE_NAME: unsafe name: it is absolute, checkArchiveName '/etc/passwd'
 * // ERR_OSX_UNSAFE_NAME: unsafe name: it begins with a drive letter, checkArchiveName 'C:\x'
 * // ERR_OSX_UNSAFE_NAME: unsafe name: a backslash separates names on Windows, checkArchiveName 'a\..\b'
 * ```
 */
export function checkArchiveName<Name extends string | Uint8Array>(
  name: Name,
  options?: ArchiveNameOptions,
): Name extends Uint8Array ? Buffer : string {
  if (typeof name !== 'string' && !(name instanceof Uint8Array)) {
    throw invalidArgType('name', 'of type string or an instance of Buffer or Uint8Array', name);
  }
  const { platform = 'posix', allowBackslash = false } = checkOptions('options', options);
  checkOneOf('options.platform', platform, ['posix', 'win32']);
  checkBoolean('options.allowBackslash', allowBackslash);
  if (allowBackslash && platform === 'win32') {
    throw invalidArgValue('options.allowBackslash', "false with platform 'win32'", allowBackslash);
  }
  const bytes = toByteString(name);
  const fault =
    typeof name === 'string' && !name.isWellFormed()
      ? 'it has a lone surrogate'
      : unsafePart(bytes, { platform, allowBackslash });
  if (fault !== undefined) {
    const message = `unsafe name: ${fault}`;
    throw new SystemError({ code: 'ERR_OSX_UNSAFE_NAME', syscall: 'checkArchiveName', path: name, message });
  }
  const parts = bytes.split('/').filter((part) => part !== '' && part !== '.');
  const form = typeof name === 'string' ? name : Buffer.from(name);
  const plain = parts.length === 0 ? '.' : parts.join('/');
  return inFormOf(form, plain, 'checkArchiveName') as Name extends Uint8Array ? Buffer : string;
}

/** Whether {@link checkArchiveName} takes the name. */
export function isSafeArchiveName(name: string | Uint8Array, options?: ArchiveNameOptions): boolean {
  try {
    checkArchiveName(name, options);
    return true;
  } catch (error) {
    if (hasCode(error, 'ERR_OSX_UNSAFE_NAME')) return false;
    throw error;
  }
}
