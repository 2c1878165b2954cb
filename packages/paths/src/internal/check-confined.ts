import { checkBoolean, checkOptions, checkPath, SystemError, type PathLike } from '@osx/errors';

import { toByteString } from './byte-path.ts';
import { leadsOut, type Opening } from './walk-beneath.ts';

/** How a path beneath a root may be walked. */
export interface BeneathOptions {
  /** False refuses every symbolic link on the way with `ELOOP`; default true: those that stay beneath are followed. */
  followSymlinks?: boolean | undefined;
  /** False refuses mount points, bind mounts too, with `EXDEV`; default true. */
  crossMounts?: boolean | undefined;
}

/** PATH_MAX of <linux/limits.h>, with the NUL. */
const PATH_MAX = 4096;

export function checkConfined(path: PathLike, options: BeneathOptions | undefined): Omit<Opening, 'flags' | 'mode'> {
  const asked = checkPath('path', path);
  const { followSymlinks = true, crossMounts = true } = checkOptions('options', options);
  checkBoolean('options.followSymlinks', followSymlinks);
  checkBoolean('options.crossMounts', crossMounts);
  const confined = { asked, path: toByteString(asked), followSymlinks, crossMounts };
  if (confined.path.startsWith('/')) throw leadsOut({ ...confined, flags: 0, mode: 0 });
  if (confined.path.length >= PATH_MAX) throw new SystemError({ code: 'ENAMETOOLONG', syscall: 'openat', path: asked });
  return confined;
}
