import { unlinkSync } from 'node:fs';

import { asSystemError, checkPath, hasCode, withSystemErrors, type PathLike } from '@osx/errors';

/**
 * Removes a file, or a symbolic link itself, if it is there: in one call, so that nobody can come between a look and the removal.
 *
 * @returns Whether it was there.
 * @throws {TypeError} on a bad argument.
 * @throws {SystemError} `EISDIR` (macOS: `EPERM`) for a directory; `ENOTDIR` where a file is in place of a directory on the way;
 *   `EACCES`, `EPERM`, `EROFS`, `EBUSY`.
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { unlinkIfExists } from '@osx/paths';
 *
 * writeFileSync('stale.sock', '');
 * console.log(await unlinkIfExists('stale.sock'), await unlinkIfExists('stale.sock')); // true false
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/unlink.2.html
 */
export async function unlinkIfExists(path: PathLike): Promise<boolean> {
  const checkedPath = checkPath('path', path);
  const { unlink } = process.getBuiltinModule('node:fs/promises');
  try {
    await unlink(checkedPath);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw asSystemError(error, { path: checkedPath });
  }
}

/** {@link unlinkIfExists}, blocking. */
export function unlinkIfExistsSync(path: PathLike): boolean {
  const checkedPath = checkPath('path', path);
  try {
    withSystemErrors(() => unlinkSync(checkedPath), checkedPath);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}
