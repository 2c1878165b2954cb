import fs from 'node:fs';

import type { FilePath } from './file-path.ts';
import { isStillAt } from './identity.ts';
import { tryFlock } from './locks.ts';
import type { Proof } from './temporary-name.ts';

/**
 * What became of a temporary that was just made. `lost`: between its making and its lock a sweep took it for a dead
 * one's. `no-locks`: this file system has none after all.
 */
export type Claim = 'ours' | 'lost' | 'no-locks';

/** Sets the exact mode, which the umask has cut and a default ACL may have. */
export function setExactMode(fd: number, mode: number): void {
  const { mode: now } = fs.fstatSync(fd);
  if ((now & 0o777) !== mode) fs.fchmodSync(fd, (now & 0o7000) | mode);
}

/**
 * Takes the lock that says "in use". A sweep takes the exclusive lock before it removes, so one of the two is refused; and what
 * was removed before is not at its path any more.
 */
export function claim(fd: number, path: FilePath, mode: number, proof: Proof): Claim {
  setExactMode(fd, mode);
  if (proof === 'process') return 'ours';
  const answer = tryFlock(fd, 'shared');
  if (answer === 'impossible') return 'no-locks';
  return answer === 'granted' && isStillAt(path, fd) ? 'ours' : 'lost';
}
