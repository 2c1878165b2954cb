import { checkBoolean, checkOptions, checkPath, invalidArgValue, type PathLike } from '@osx/errors';
import { checked, defineSyscall, linuxConstants, toCString, zeroOrError } from '@osx/native-ffi';

const call = defineSyscall({
  number: 'SYS_renameat2',
  parameters: ['int', 'pointer', 'int', 'pointer', 'uint'],
  decode: zeroOrError,
});

export interface Renameat2Options {
  /** RENAME_NOREPLACE: fail with EEXIST when `to` exists, whatever it is. */
  noReplace?: boolean | undefined;
  /** RENAME_EXCHANGE: `from` and `to` must both exist and change places in one step. */
  exchange?: boolean | undefined;
}

/**
 * Renames a file or directory atomically, never following a symlink in the last component; without options as rename(2).
 *
 * **Platform** Linux 3.15; NOREPLACE and EXCHANGE need a file system that has them (ext4, XFS, btrfs, tmpfs do).
 *
 * **Gotchas** A file system without the flag says EINVAL, which is also the answer to moving a directory into itself.
 *
 * @param from Existing path.
 * @param to New path, on the same mount.
 * @param options At most one of `noReplace` and `exchange`.
 * @throws {SystemError} EEXIST, ENOENT, EINVAL, EXDEV, EACCES, EPERM, ENOTEMPTY and what else rename(2) lists.
 *
 * @example
 * ```ts
 * import { readFileSync, writeFileSync } from 'node:fs';
 * import { renameat2 } from '@osx/linux/renameat2';
 *
 * writeFileSync('a', '1');
 * writeFileSync('b', '2');
 * renameat2('a', 'b', { exchange: true });
 * console.log(readFileSync('a', 'utf8')); // 2
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/rename.2.html
 */
export function renameat2(from: PathLike, to: PathLike, options?: Renameat2Options): void {
  const source = checkPath('from', from);
  const dest = checkPath('to', to);
  const { noReplace = false, exchange = false } = checkOptions('options', options);
  checkBoolean('options.noReplace', noReplace);
  checkBoolean('options.exchange', exchange);
  if (noReplace && exchange) throw invalidArgValue('options', 'given noReplace or exchange, not both', options);
  const { AT_FDCWD, RENAME_NOREPLACE, RENAME_EXCHANGE } = linuxConstants();
  const flags = noReplace ? RENAME_NOREPLACE : exchange ? RENAME_EXCHANGE : 0;
  const result = call(AT_FDCWD, toCString(source), AT_FDCWD, toCString(dest), flags);
  checked(result, 'renameat2', { path: source, dest });
}
