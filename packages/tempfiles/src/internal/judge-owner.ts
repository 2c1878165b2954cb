import fs from 'node:fs';

import { hasCode } from '@osx/errors';

import { UNKNOWN, ownIdentity, parseProcessStat, type ProcessIdentity } from './process-identity.ts';

/** `foreign`: this process cannot know. */
export type Verdict = 'dead' | 'live' | 'foreign';

/** <linux/proc_ns.h> PROC_PID_INIT_INO, in base 36: not the namespace of any container. */
const INITIAL_PID_NAMESPACE = (0xeffffffc).toString(36);
const MAX_PID = 2 ** 31 - 1;

/**
 * Whether the process that made a temporary is gone, by proof.
 *
 * In our own boot and namespaces, a pid without a process, or with one that started at another time, is proof. Another
 * boot is proof only between two processes outside of containers (some container managers invent a boot id) on a file
 * system of this machine alone. In all other cases nothing can be known from here.
 */
export function judgeOwner(owner: ProcessIdentity, onLocalFileSystem: boolean, own = ownIdentity()): Verdict {
  if (owner.boot === UNKNOWN || own.boot === UNKNOWN || owner.startTime === UNKNOWN) return 'foreign';
  if (owner.boot !== own.boot) {
    const outsideContainers = [owner, own].every(({ pidNamespace }) => pidNamespace === INITIAL_PID_NAMESPACE);
    return outsideContainers && onLocalFileSystem ? 'dead' : 'foreign';
  }
  const sameView = owner.pidNamespace === own.pidNamespace && owner.timeNamespace === own.timeNamespace;
  if (!sameView || owner.pidNamespace === UNKNOWN || owner.timeNamespace === UNKNOWN) return 'foreign';
  return isAlive(owner) ? 'live' : 'dead';
}

function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  if (pid < 1 || pid > MAX_PID) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not asked of /proc, where other users' processes may be hidden.
    if (hasCode(error, 'ESRCH')) return false;
  }
  try {
    const stat = parseProcessStat(fs.readFileSync(`/proc/${pid}/stat`, 'latin1'));
    const isZombie = /^[ZX]/.test(stat.state) && stat.threads <= 1;
    return Number(stat.startTime).toString(36) === startTime && !isZombie;
  } catch {
    return true;
  }
}
