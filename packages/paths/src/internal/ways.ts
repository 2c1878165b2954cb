import { hasCode, isUnsupportedError } from '@osx/errors';
import { Fd } from '@osx/fds';

import { directoryCalls, findOpenat2 } from '../select-backend.ts';
import type { DirectoryCalls } from './directory-calls.ts';
import { toBuffer } from './byte-path.ts';
import { leadsOut, walkBeneath, type Opening } from './walk-beneath.ts';

type Openat2 = NonNullable<ReturnType<typeof findOpenat2>>;

const MAX_ATTEMPTS = 64;

let isOpenat2Missing = false;

/**
 * Opens beneath a root: by openat2(2), and where that is not to be had (ENOSYS), forbidden (a seccomp filter's EPERM) or unsure
 * again and again (EAGAIN: renames elsewhere while it resolved a `..`), by the walk. A refusal that is the file's own comes from
 * the walk a second time.
 */
export function openByAnyWay(root: number, opening: Opening): Fd {
  const openat2 = isOpenat2Missing ? undefined : findOpenat2();
  if (openat2 !== undefined) {
    try {
      return openByOpenat2(openat2, root, opening);
    } catch (error) {
      if (isUnsupportedError(error)) isOpenat2Missing = true;
      else if (!hasCode(error, ['EPERM', 'EAGAIN'])) throw error;
    }
  }
  return openByWalk(directoryCalls(), root, opening);
}

export function openByOpenat2(openat2: Openat2, root: number, opening: Opening): Fd {
  const { asked, path, flags, mode, followSymlinks, crossMounts } = opening;
  const resolve = [
    'beneath',
    'no-magiclinks',
    ...(followSymlinks ? [] : (['no-symlinks'] as const)),
    ...(crossMounts ? [] : (['no-xdev'] as const)),
  ] as const;
  const target = typeof asked === 'string' ? asked : toBuffer(path);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return openat2(root, target, { flags, mode, resolve });
    } catch (error) {
      if (hasCode(error, 'EXDEV')) throw leadsOut(opening, error);
      if (!hasCode(error, 'EAGAIN') || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

export function openByWalk(calls: DirectoryCalls, root: number, opening: Opening): Fd {
  const { fd } = walkBeneath(calls, root, opening);
  return Fd.adopt(calls.give(fd), { origin: 'node' });
}
