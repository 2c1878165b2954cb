import { fstatSync, readdirSync, readlinkSync } from 'node:fs';

/**
 * Lists this process's open descriptors: number to what it is open on (`/path`, `pipe:[123]`, `anon_inode:inotify`).
 *
 * Platform: Linux.
 */
export function openFds(): Map<number, string> {
  const fds = new Map<number, string>();
  for (const name of readdirSync('/proc/self/fd')) {
    const fd = Number(name);
    try {
      // The descriptor with which the directory was listed is closed by now and drops out here.
      const target = readlinkSync(`/proc/self/fd/${name}`);
      fstatSync(fd);
      fds.set(fd, target);
    } catch (error) {
      if (!['ENOENT', 'EBADF'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return fds;
}

/**
 * Fails when this process has descriptors that it did not have `before`, naming each and what it is open on.
 *
 * @param before What {@link openFds} returned earlier. A number that is open on something else now counts as new.
 */
export function expectNoNewFds(before: ReadonlyMap<number, string>): void {
  const leaked = [...openFds()].filter(([fd, target]) => before.get(fd) !== target);
  if (leaked.length === 0) return;
  throw new Error(`leaked descriptors: ${leaked.map(([fd, target]) => `${fd} -> ${target}`).join(', ')}`);
}
