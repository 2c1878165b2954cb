import { lockHolders } from '@osx/fcntl';
import type { LockHolder } from '@osx/fcntl';

/**
 * Who holds the pidfile open in `fd` exclusively. By descriptor: whatever becomes of the path, it is this inode.
 *
 * @param pid Looks at this process only, in microseconds; what others hold is then `isProven: false`.
 */
export async function exclusiveHolders(fd: number, pid?: number): Promise<LockHolder[]> {
  const holders = await lockHolders(`/proc/self/fd/${fd}`, pid === undefined ? {} : { pids: [pid] });
  return holders.filter(({ shared }) => !shared);
}

/** Whether this very process has a descriptor with the lock. */
export async function isProvenHolder(fd: number, pid: number): Promise<boolean> {
  return provenPids(await exclusiveHolders(fd, pid)).includes(pid);
}

export function provenPids(holders: readonly LockHolder[]): number[] {
  return [...new Set(holders.filter(({ isProven }) => isProven).map(({ pid }) => pid as number))];
}
