import { checkOptions } from '@osx/errors';

import { findDirectory } from './internal/find-directory.ts';

/**
 * The directory in which temporaries are made when the caller names none, as an absolute path.
 *
 * The first of `TMPDIR`, `TMP` and `TEMP` that is set and not empty; else `/tmp`. A relative one starts at the working directory as
 * it is at this moment. Nothing is taken in its place: where it is missing or may not be written, making a temporary
 * fails, with the variable in the message. Whoever sets it (an encrypted disk, a quota) does not want the files elsewhere.
 *
 * @param options `environ`: default `process.env`.
 * @returns Without a slash at its end. It need not exist.
 * @example
 * ```ts
 * import { defaultTemporaryDirectory } from '@osx/tempfiles';
 *
 * console.log(defaultTemporaryDirectory({ environ: { TMPDIR: '/var/tmp/' } })); // /var/tmp
 * ```
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html
 */
export function defaultTemporaryDirectory(options?: {
  readonly environ?: Readonly<Record<string, string | undefined>> | undefined;
}): string {
  const { environ = process.env } = checkOptions('options', options);
  return findDirectory(checkOptions('options.environ', environ)).path;
}
