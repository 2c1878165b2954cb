import type { PathLike } from '@osx/errors';
import type { FdLike } from '@osx/fds';

import { inFormOf } from './internal/byte-path.ts';
import { checkConfined, type BeneathOptions } from './internal/check-confined.ts';
import { locateBeneath } from './internal/locate-beneath.ts';
import { pinRoot } from './internal/pin-root.ts';

/**
 * The absolute path, free of symbolic links, of what a path beneath a directory leads to; refused when it leads out.
 *
 * What must not be led astray is opened, by {@link openBeneath}: this path is right at the moment of the answer, and whoever may rename
 * something on the way can make it lead elsewhere a moment later. It is for showing, comparing and storing.
 *
 * **Platform** as {@link openBeneath}. macOS: not run; what is resolved must be readable.
 *
 * @param root A directory: its path, followed wherever it leads, or an open descriptor of it.
 * @param path A relative path to something that exists.
 * @param options `followSymlinks`, `crossMounts` as of openBeneath.
 * @returns The real path of the root and what comes below it; a Buffer when `path` is bytes.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} `EXDEV`, `ELOOP`, `ENOENT`, `ENOTDIR`, `EACCES`, `ENAMETOOLONG`; `EILSEQ` when it is not UTF-8 and `path` is text.
 *
 * @example
 * ```ts
 * import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
 * import { resolveBeneath } from '@osx/paths';
 *
 * mkdirSync('site/v2', { recursive: true });
 * symlinkSync('v2', 'site/current');
 * writeFileSync('site/v2/index.html', '');
 * const path = await resolveBeneath('site', 'current/index.html');
 * console.log(path === realpathSync('site/v2/index.html')); // true
 * await resolveBeneath('site', '../secret').catch((error) => console.log(error.code)); // EXDEV
 * ```
 */
export async function resolveBeneath<Path extends PathLike>(
  root: PathLike | FdLike,
  path: Path,
  options?: BeneathOptions,
): Promise<Path extends Uint8Array ? Buffer : string> {
  return resolveBeneathSync(root, path, options);
}

/** {@link resolveBeneath}, without a promise. */
export function resolveBeneathSync<Path extends PathLike>(
  root: PathLike | FdLike,
  path: Path,
  options?: BeneathOptions,
): Path extends Uint8Array ? Buffer : string {
  const confined = checkConfined(path, options);
  const pinned = pinRoot(root);
  try {
    const location = locateBeneath(pinned, confined);
    return inFormOf(confined.asked, location, 'resolveBeneath') as Path extends Uint8Array ? Buffer : string;
  } finally {
    pinned.close();
  }
}
