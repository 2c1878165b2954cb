import { checkString } from '@osx/errors';

import { parseAssignments } from '../internal/parse-assignments.ts';
import { OsRelease } from './os-release.ts';

/**
 * Understands the text of an os-release file (also initrd-release and extension-release): what a shell that sources it
 * would see, without running it.
 *
 * Single and double quotes, `a"b"'c'`, backslashes, values over several lines, comments and CRLF are understood;
 * variables and commands are not expanded. Where a shell would fail, nothing does: lines that are no assignment are
 * passed over, blanks within an unquoted value belong to it, and a quote that nothing closes stands for itself.
 *
 * @param text The file's content.
 * @throws {TypeError} ERR_INVALID_ARG_TYPE.
 *
 * @example
 * ```ts
 * import { parseOsRelease } from '@osx/linux/os-release';
 *
 * const release = parseOsRelease('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n');
 * console.log(release.id, release.versionId, release.isLike('debian')); // ubuntu 24.04 true
 * ```
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/os-release.html
 */
export function parseOsRelease(text: string): OsRelease {
  return new OsRelease(parseAssignments(checkString('text', text)));
}
