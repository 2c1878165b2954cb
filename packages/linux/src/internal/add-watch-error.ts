import { SystemError } from '@osx/errors';

import { ENOSPC } from './errno-numbers.ts';
import { readSysctl } from './read-sysctl.ts';

/** The error of a failed inotify_add_watch; its bare ENOSPC would speak of a disk. */
export function addWatchError(errno: number, path: string | Uint8Array): SystemError {
  const where = { errno, syscall: 'inotify_add_watch', path };
  if (errno !== -ENOSPC) return new SystemError(where);
  const limit = readSysctl('fs.inotify.max_user_watches');
  const message = `this user has all the inotify watches it may have (sysctl fs.inotify.max_user_watches${limit}); raise it`;
  return new SystemError({ ...where, message });
}
