import { mkdirSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';

import { asSystemError, checkBoolean, checkOptions, checkPath, withSystemErrors, type PathLike } from '@osx/errors';

import { toBuffer, toByteString } from './internal/byte-path.ts';
import { linkText } from './internal/link-text.ts';

export interface RelativeSymlinkOptions {
  /** Takes the place of a file or link that is there, in one step; default false: `EEXIST`. */
  replace?: boolean | undefined;
  /** Makes the directories that the link needs; default false. */
  makeDirectories?: boolean | undefined;
}

/**
 * Makes a symbolic link whose text is relative: what is linked and the link can be moved together.
 *
 * Both paths are meant from the current directory, as in any other call; the text is found from where the link really is. So it is
 * right also where the way to the link goes through a symbolic link, from whose other end `..` leads elsewhere.
 *
 * **Gotchas** The target need not exist. Links in the target's own path are kept, so that it follows when they change.
 *
 * @param target What the link leads to.
 * @param linkPath Where the link is made.
 * @param options See {@link RelativeSymlinkOptions}.
 * @throws {TypeError} on a bad argument.
 * @throws {SystemError} `EEXIST`, `ENOENT`, `ENOTDIR`, `EACCES`, `ELOOP`, `EROFS`; with `replace`, `EISDIR` for a directory.
 *
 * @example
 * ```ts
 * import { mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
 * import { relativeSymlink } from '@osx/paths';
 *
 * mkdirSync('srv/releases/7', { recursive: true });
 * symlinkSync('srv/releases', 'short');
 * await relativeSymlink('srv/releases/7', 'srv/current');
 * await relativeSymlink('srv/current', 'short/now');
 * console.log(readlinkSync('srv/current'), readlinkSync('short/now')); // releases/7 ../current
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/symlink.2.html
 */
export async function relativeSymlink(
  target: PathLike,
  linkPath: PathLike,
  options?: RelativeSymlinkOptions,
): Promise<void> {
  const request = checkRequest(target, linkPath, options);
  const { mkdir, rename, symlink, unlink } = process.getBuiltinModule('node:fs/promises');
  try {
    if (request.makeDirectories) await mkdir(request.directory, { recursive: true });
    const text = linkText(request.target, request.link);
    if (!request.replace) return await symlink(text, request.link);
    const temporary = temporaryBeside(request.link);
    await symlink(text, temporary);
    await rename(temporary, request.link).catch(async (error: unknown) => {
      await unlink(temporary);
      throw error;
    });
  } catch (error) {
    throw asSystemError(error, { path: request.asked.target, dest: request.asked.link });
  }
}

/** {@link relativeSymlink}, blocking. */
export function relativeSymlinkSync(target: PathLike, linkPath: PathLike, options?: RelativeSymlinkOptions): void {
  const request = checkRequest(target, linkPath, options);
  try {
    if (request.makeDirectories) mkdirSync(request.directory, { recursive: true });
    const text = linkText(request.target, request.link);
    if (!request.replace) return symlinkSync(text, request.link);
    const temporary = temporaryBeside(request.link);
    symlinkSync(text, temporary);
    try {
      renameSync(temporary, request.link);
    } catch (error) {
      withSystemErrors(() => unlinkSync(temporary), temporary);
      throw error;
    }
  } catch (error) {
    throw asSystemError(error, { path: request.asked.target, dest: request.asked.link });
  }
}

function checkRequest(target: PathLike, linkPath: PathLike, options: RelativeSymlinkOptions | undefined) {
  const asked = { target: checkPath('target', target), link: checkPath('linkPath', linkPath) };
  const { replace = false, makeDirectories = false } = checkOptions('options', options);
  checkBoolean('options.replace', replace);
  checkBoolean('options.makeDirectories', makeDirectories);
  const link = toBuffer(toByteString(asked.link));
  const slash = link.lastIndexOf('/');
  const directory = slash < 0 ? Buffer.from('.') : link.subarray(0, slash + 1);
  return { asked, target: toByteString(asked.target), link, directory, replace, makeDirectories };
}

function temporaryBeside(link: Buffer): Buffer {
  const random = process.getBuiltinModule('node:crypto').randomBytes(16).toString('hex');
  const slash = link.lastIndexOf('/');
  return Buffer.concat([link.subarray(0, slash + 1), Buffer.from(`.osx-link-${random}`)]);
}
